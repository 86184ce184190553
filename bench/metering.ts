// Metering, exactly once from Kafka into Postgres, against a bare `insert … unnest` of the same keys in the same Postgres.
import { Client } from 'pg';
import { identityKey } from '../libs/events/identity.js';
import { USAGE_RECORDED } from '../libs/events/topics.js';
import type { EventLog } from '../libs/log/event-log.js';
import { openLog } from '../libs/log/open-log.js';
import { partitionOf } from '../libs/log/partition.js';
import { pause } from '../libs/stack/children.js';
import { cpuSeconds, mapValues } from './cpu.js';
import { type BenchEvent, benchEvents } from './events.js';
import { type BenchResult, machine, median, secondsOf, type Say, takeTurns } from './measure.js';
import { SIZES } from './sizes.js';
import { openStand, type Stand } from './stand.js';

/** Folded before the clock starts: a process that has just begun runs uncompiled code. */
const WARM_UP = Math.min(100_000, SIZES.events);

export async function benchMetering(say: Say): Promise<BenchResult> {
  const stand = await openStand();
  const log = await openLog({ kind: 'kafka', brokers: [stand.brokers], clientId: 'bench' });
  try {
    const first = await stand.service('metering');
    await first.stop();
    const costs: Costs[] = [];
    const rates = await takeTurns(['metering', 'bare insert'], say, async (round) => {
      const events = benchEvents(WARM_UP + SIZES.events, 100 + round);
      const target = await appendAll(log, events);
      // Start-up, joining the group and compiling are not folding.
      const folded = await foldFrom(stand, target - SIZES.events, target);
      costs.push(folded.cpu);
      return { ours: folded.perSecond, peer: await bareInsert(stand, events, round) };
    });
    const figures = {
      metering_events_per_second: rates.ours,
      bare_insert_rows_per_second: rates.peer,
      metering_cpu_us: median(costs.slice(1).map(({ metering }) => metering)),
      postgres_cpu_us: median(costs.slice(1).map(({ postgres }) => postgres)),
      kafka_cpu_us: median(costs.slice(1).map(({ kafka }) => kafka)),
    };
    const ratio = figures.metering_events_per_second / figures.bare_insert_rows_per_second;
    return {
      bench: 'metering',
      ratios: { metering_to_bare_insert: ratio },
      figures,
      machine: machine(),
    };
  } finally {
    await log.close();
    await stand.close();
  }
}

/** Appends to the partitions of the organizations, a thousand at once; gives the sum of the ends. */
export async function appendAll(log: EventLog, events: readonly BenchEvent[]): Promise<number> {
  const partitions = await log.partitionCount(USAGE_RECORDED);
  const groups = Map.groupBy(events, ({ organization }) => partitionOf(organization, partitions));
  await Promise.all(
    [...groups].map(async ([partition, group]) => {
      for (let at = 0; at < group.length; at += 1_000) {
        const slice = group.slice(at, at + 1_000);
        await log.append(
          USAGE_RECORDED,
          partition,
          slice.map(({ organization, line }) => ({ key: organization, value: line })),
        );
      }
    }),
  );
  const watermarks = await log.watermarks(USAGE_RECORDED);
  return watermarks.reduce((sum, { high }) => sum + high, 0);
}

/** Microseconds of CPU an event. */
interface Costs {
  readonly metering: number;
  readonly postgres: number;
  readonly kafka: number;
}

/** Events a second and what they cost from when the sum of the positions is `warmAt` until it is `target`, both of them offsets. */
export async function foldFrom(
  stand: Stand,
  warmAt: number,
  target: number,
): Promise<{ readonly perSecond: number; readonly cpu: Costs }> {
  const client = new Client({ connectionString: await stand.database('meterbook_metering') });
  await client.connect();
  const folded = async (): Promise<number> => {
    const sql =
      'SELECT coalesce(sum(next_offset), 0)::int8 AS folded FROM stream_offset WHERE topic = $1';
    const { rows } = await client.query<{ folded: string }>(sql, [USAGE_RECORDED]);
    return Number(rows[0]?.folded ?? 0);
  };
  const metering = await stand.service('metering', profiling());
  const pids = { metering: metering.pid, ...stand.pids };
  try {
    const reach = async (offset: number): Promise<number> => {
      for (;;) {
        const count = await folded();
        if (count >= offset) return count;
        await pause(5);
      }
    };
    const from = await reach(warmAt);
    const startedAt = performance.now();
    const before = mapValues(pids, cpuSeconds);
    const events = (await reach(target)) - from;
    const seconds = (performance.now() - startedAt) / 1_000;
    const cpu = mapValues(pids, (pid, name) => (1e6 * (cpuSeconds(pid) - before[name])) / events);
    return { perSecond: events / seconds, cpu };
  } finally {
    await metering.stop();
    await client.end();
  }
}

// METERING_NODE_OPTIONS="--cpu-prof --cpu-prof-dir=DIR" writes a profile of each round.
function profiling(): Record<string, string> {
  const options = process.env['METERING_NODE_OPTIONS'];
  return options ? { NODE_OPTIONS: options } : {};
}

async function bareInsert(
  stand: Stand,
  events: readonly BenchEvent[],
  round: number,
): Promise<number> {
  const client = new Client({ connectionString: await stand.database('bench_peer') });
  await client.connect();
  try {
    await client.query(
      `CREATE TABLE key_${round} (key uuid PRIMARY KEY, fingerprint int8 NOT NULL)`,
    );
    const keys = events.map(({ organization, line }) => {
      const { id, source } = JSON.parse(line.toString('utf8')) as { id: string; source: string };
      return identityKey(organization, source, id);
    });
    const sql = `INSERT INTO key_${round} SELECT * FROM unnest($1::uuid[], $2::int8[]) ON CONFLICT DO NOTHING`;
    const seconds = await secondsOf(async () => {
      for (let at = 0; at < keys.length; at += 1_000) {
        const slice = keys.slice(at, at + 1_000);
        await client.query({
          name: `peer-${round}`,
          text: sql,
          values: [slice, slice.map((_, index) => index)],
        });
      }
    });
    return keys.length / seconds;
  } finally {
    await client.end();
  }
}
