// The whole chain on the machine's cores, load included: events a second, what a stage spends of CPU on an event, and what an event
// leaves on disk and in WAL. `--keys 10000000`, `--organizations 5000` and `--partitions 64` tell how it grows.
import { execFileSync } from 'node:child_process';
import { Client } from 'pg';
import { cpuSeconds, mapValues } from './cpu.js';
import { burst, type Chain, chainEvents, openChain } from './chain-stand.js';
import { fillIdentities } from './fill-identities.js';
import { type BenchResult, machine, median, type Say } from './measure.js';
import { SIZES } from './sizes.js';

/** Uncompiled code costs several times as much. */
const WARM_UP = 100_000;

type Figures = Record<string, number>;

export async function benchChain(say: Say): Promise<BenchResult> {
  const chain = await openChain();
  try {
    if (SIZES.keys > 0) await fillIdentities(chain.stand, SIZES.keys, say);
    await burst(chain, chainEvents(Math.min(WARM_UP, SIZES.events), 1));
    const rounds: Figures[] = [];
    for (let round = 1; round <= SIZES.rounds; round += 1) {
      const figures = await once(chain, round);
      rounds.push(figures);
      say(`round ${round}: ${Math.round(figures['chain_events_per_second'] ?? 0)} events/s`);
    }
    const names = Object.keys(rounds[0] ?? {});
    const figures = Object.fromEntries(
      names.map((name) => [name, median(rounds.map((of) => of[name] ?? Number.NaN))]),
    );
    const ratios = { chain_to_aim_of_80000: (figures['chain_events_per_second'] ?? 0) / 80_000 };
    return { bench: benchName(), ratios, figures, machine: machine() };
  } finally {
    await chain.close();
  }
}

// Other sizes are another section of the document.
function benchName(): string {
  const { keys, organizations, partitions } = SIZES;
  if (keys === 0 && organizations === 1_000 && partitions === 12) return 'chain';
  return `chain-${keys}-keys-${organizations}-organizations-${partitions}-partitions`;
}

async function once(chain: Chain, round: number): Promise<Figures> {
  const { stand, ingest, metering } = chain;
  const events = chainEvents(SIZES.events, 10 + round);
  const pids = {
    load: process.pid,
    ingest: ingest.pid,
    metering: metering.pid,
    kafka: stand.pids.kafka,
    postgres: stand.pids.postgres,
  };
  const cpuBefore = mapValues(pids, ownCpu);
  const kept = await bytesKept(chain);
  const startedAt = performance.now();
  await burst(chain, events);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = mapValues(pids, (pid, name) => perEvent(1e6 * (ownCpu(pid) - cpuBefore[name])));
  const now = await bytesKept(chain);
  return {
    chain_events_per_second: events.length / seconds,
    load_cpu_us: cpu.load,
    ingest_cpu_us: cpu.ingest,
    metering_cpu_us: cpu.metering,
    kafka_cpu_us: cpu.kafka,
    postgres_cpu_us: cpu.postgres,
    total_cpu_us: Object.values(cpu).reduce((sum, one) => sum + one, 0),
    kafka_bytes: perEvent(now.kafka - kept.kafka),
    postgres_table_bytes: perEvent(now.tables - kept.tables),
    postgres_wal_bytes: perEvent(now.wal - kept.wal),
  };
}

const perEvent = (amount: number): number => amount / SIZES.events;

// This process started all others: only its own time is the load's.
function ownCpu(pid: number): number {
  if (pid !== process.pid) return cpuSeconds(pid);
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function bytesKept({ stand }: Chain): Promise<Record<'kafka' | 'tables' | 'wal', number>> {
  const client = new Client({ connectionString: await stand.database('meterbook_metering') });
  await client.connect();
  try {
    const sql = `SELECT pg_database_size(current_database())::float8 AS tables,
      (pg_current_wal_lsn() - '0/0')::float8 AS wal`;
    const { rows } = await client.query<{ tables: number; wal: number }>(sql);
    const [row] = rows;
    const du = execFileSync('du', ['-sb', stand.folders.kafka], { encoding: 'utf8' });
    return { tables: row?.tables ?? 0, wal: row?.wal ?? 0, kafka: Number(du.split(/\s/)[0]) };
  } finally {
    await client.end();
  }
}
