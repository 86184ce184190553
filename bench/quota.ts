// Checks over HTTP with 50 connections: quota against the same server without a check and with rate-limiter-flexible behind it; one
// hot organization; a million organizations; a check while metering works. BENCH_SECONDS, BENCH_ORGANIZATIONS and BENCH_BURST
// make it smaller.
import { Environment } from '../libs/config/environment.js';
import { seededRandom } from '../apps/cli/domain/random.js';
import { cpuSeconds, mapValues } from './cpu.js';
import { type BenchResult, machine, median, type Say } from './measure.js';
import { openMeteringLoad } from './metering-load.js';
import { checkBody, openQuotaStand, openRedis, type QuotaStand } from './quota-stand.js';
import { rawLoad, type RawResult } from './raw-load.js';
import { openStand, type Stand, type StandService } from './stand.js';

const environment = new Environment(process.env);
const SECONDS = environment.integer('BENCH_SECONDS', 10, 1, 600);
const ORGANIZATIONS = environment.integer('BENCH_ORGANIZATIONS', 1_000_000, 10, 10_000_000);
const BURST = environment.integer('BENCH_BURST', 150_000, 1_000, 10_000_000);
const ONLY = environment.optional('BENCH_ONLY');
const ROUNDS = 3;
const CONNECTIONS = 50;
/** As many as a busy minute sees. */
const USUAL = 1_000;
/** Checks a second beside metering: far from full, so that a latency is one of the machine and not of a queue. */
const BESIDE_PER_SECOND = 500;

type Figures = Record<string, number>;

export async function benchQuota(say: Say): Promise<BenchResult> {
  const stand = await openStand();
  const redis = await openRedis();
  if (!redis)
    say('redis-server is not installed: its figures are missing (apt-get install redis-server)');
  let quota: QuotaStand | undefined;
  try {
    quota = await openQuotaStand(stand);
    if (ONLY === 'beside') {
      await quota.fill(ORGANIZATIONS);
      const figures = await besideMetering(stand, quota, say);
      return { bench: 'quota', ratios: {}, figures, machine: machine() };
    }
    await quota.fill(Math.min(USUAL, ORGANIZATIONS));
    const env: Record<string, string> = redis ? { REDIS_PORT: String(redis.port) } : {};
    const names = ['none', 'postgres', 'memory', ...(redis ? ['redis'] : [])];
    const peers = new Map<string, StandService>();
    for (const name of names) peers.set(name, await quota.peer(name, env));
    const figures: Figures = { ...(await takeTurns(quota, peers, say)) };
    for (const peer of peers.values()) await peer.stop();
    Object.assign(figures, await hot(quota, say));
    Object.assign(figures, await resident(quota, say));
    Object.assign(figures, await besideMetering(stand, quota, say));
    return { bench: 'quota', ratios: ratiosOf(figures), figures, machine: machine() };
  } finally {
    await quota?.close();
    await redis?.stop();
    await stand.close();
  }
}

// Ours and every peer by turns, so that a busy neighbour meets them all; the first round warms up and is not counted.
async function takeTurns(
  quota: QuotaStand,
  peers: ReadonlyMap<string, StandService>,
  say: Say,
): Promise<Figures> {
  const rates = new Map<string, number[]>();
  const latencies: RawResult[] = [];
  const cpu: { node: number; postgres: number }[] = [];
  const floor: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [name, { url, pid }] of [['quota', quota.quota] as const, ...peers]) {
      const before = cpuOf(pid, quota.postgresPid);
      const result = await checks(quota, url, `${name}-${round}`, spread(round));
      const used = mapValues(cpuOf(pid, quota.postgresPid), (now, of) => now - before[of]);
      const cost = mapValues(used, (seconds) => (seconds * 1e6) / result.count);
      const costs = `${Math.round(cost.node)} + ${Math.round(cost.postgres)} µs of CPU`;
      say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${name} ${told(result)}, ${costs}`);
      if (round === 0) continue;
      if (name === 'quota') cpu.push(cost);
      if (name === 'none') floor.push(cost.node);
      rates.set(name, [...(rates.get(name) ?? []), result.perSecond]);
      if (name === 'quota') latencies.push(result);
    }
  const figures: Figures = {
    p50_ms: median(latencies.map(({ p50Ms }) => p50Ms)),
    p99_ms: median(latencies.map(({ p99Ms }) => p99Ms)),
    quota_cpu_us: median(cpu.map(({ node }) => node)),
    postgres_cpu_us: median(cpu.map(({ postgres }) => postgres)),
    none_cpu_us: median(floor),
  };
  for (const [name, found] of rates) figures[`${name}_checks_per_second`] = median(found);
  return figures;
}

function cpuOf(node: number, postgres: number): { node: number; postgres: number } {
  return { node: cpuSeconds(node), postgres: cpuSeconds(postgres) };
}

async function hot(quota: QuotaStand, say: Say): Promise<Figures> {
  const result = await checks(quota, quota.quota.url, 'hot', () => 0);
  say(`one hot organization: ${told(result)}`);
  return { hot_checks_per_second: result.perSecond, hot_p99_ms: result.p99Ms };
}

async function resident(quota: QuotaStand, say: Say): Promise<Figures> {
  await quota.fill(ORGANIZATIONS);
  const before = quota.memory();
  const random = seededRandom(11);
  const draw = (): number => Math.floor(ORGANIZATIONS * random());
  await checks(quota, quota.quota.url, 'resident-warm', draw);
  const middle = quota.memory();
  const result = await checks(quota, quota.quota.url, 'resident', draw);
  const after = quota.memory();
  say(
    `${ORGANIZATIONS.toLocaleString('en')} organizations: ${told(result)}, memory ${[before, middle, after].map(Math.round).join(' → ')} MiB`,
  );
  return {
    organizations: ORGANIZATIONS,
    resident_checks_per_second: result.perSecond,
    resident_p99_ms: result.p99Ms,
    resident_memory_before_mib: before,
    resident_memory_middle_mib: middle,
    resident_memory_after_mib: after,
  };
}

async function besideMetering(stand: Stand, quota: QuotaStand, say: Say): Promise<Figures> {
  const load = await openMeteringLoad(stand, BURST);
  try {
    const run = async () => checks(quota, quota.quota.url, 'beside', spread(5), BESIDE_PER_SECOND);
    const { result, perSecond } = await load.during(run, SECONDS + 5);
    say(`beside ${Math.round(perSecond)} events/s of metering: ${told(result)}`);
    return {
      metering_burst_events_per_second: load.capacity,
      beside_events_per_second: perSecond,
      beside_checks_per_second: result.perSecond,
      beside_p50_ms: result.p50Ms,
      beside_p99_ms: result.p99Ms,
    };
  } finally {
    await load.close();
  }
}

async function checks(
  { key }: QuotaStand,
  url: string,
  run: string,
  organization: () => number,
  perSecond?: number,
): Promise<RawResult> {
  const result = await rawLoad({
    url,
    path: '/v1/reservations',
    key,
    connections: CONNECTIONS,
    seconds: SECONDS,
    bodyOf: (n) => checkBody(run, n, organization()),
    ...(perSecond !== undefined && { perSecond }),
  });
  const others = Object.keys(result.statuses).filter((status) => status !== '201');
  if (others.length > 0) throw new Error(`${run}: ${JSON.stringify(result.statuses)}`);
  return result;
}

// Skewed, as real tenants are.
function spread(seed: number): () => number {
  const random = seededRandom(seed + 1);
  const count = Math.min(USUAL, ORGANIZATIONS);
  return () => Math.floor(count * random() ** 2);
}

function ratiosOf(figures: Figures): Record<string, number> {
  const of = (name: string): number => figures[name] ?? Number.NaN;
  const ours = of('quota_checks_per_second');
  return {
    quota_to_no_check: ours / of('none_checks_per_second'),
    quota_to_postgres_limiter: ours / of('postgres_checks_per_second'),
    quota_to_memory_limiter: ours / of('memory_checks_per_second'),
    ...(figures['redis_checks_per_second'] !== undefined && {
      quota_to_redis_limiter: ours / of('redis_checks_per_second'),
    }),
    hot_to_spread: of('hot_checks_per_second') / ours,
    p99_to_limit_of_8_ms: of('p99_ms') / 8,
    memory_growth: of('resident_memory_after_mib') / of('resident_memory_middle_mib'),
  };
}

function told({ perSecond, p50Ms, p99Ms }: RawResult): string {
  return `${Math.round(perSecond)} checks/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
}
