// Half load for `--minutes N`: whether memory, handles and connections of each service rest, and how long a stop at a random moment
// takes. Memory is judged after a third of the time, since pools, caches and compiled code fill up first.
import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import { pause } from '../libs/stack/children.js';
import { burst, chainEvents, openChain } from './chain-stand.js';
import { ndjsonBodies, postAll } from './http-load.js';
import { type BenchResult, machine, secondsOf, type Say } from './measure.js';
import { SIZES } from './sizes.js';
import type { StandService } from './stand.js';

const WARM_UP = 50_000;
const CAPACITY = 100_000;
const SAMPLE_MS = 5_000;
const REQUEST = 250;
const STOPS = 4;

interface Sample {
  readonly atMinutes: number;
  readonly rssMib: number;
  readonly files: number;
  /** Of V8, in use after whatever was collected so far. */
  readonly heapMib: number;
  /** Timers, sockets and whatever else keeps the event loop alive, by Node's type. */
  readonly resources: ReadonlyMap<string, number>;
}

export async function benchSteady(say: Say): Promise<BenchResult> {
  const chain = await openChain();
  const { stand } = chain;
  const env = { TOPIC_PARTITIONS: String(SIZES.partitions) };
  try {
    const services = new Map<string, StandService>([
      ['ingest', chain.ingest],
      ['metering', chain.metering],
      ['quota', await stand.service('quota', env)],
      ['invoicing', await stand.service('invoicing', env)],
    ]);
    await burst(chain, chainEvents(WARM_UP, 1));
    const events = chainEvents(CAPACITY, 2);
    const capacity = CAPACITY / (await secondsOf(async () => burst(chain, events)));
    const perSecond = capacity / 2;
    say(`the chain takes ${Math.round(capacity)} events/s; half of it for ${SIZES.minutes} min`);
    const samples = await underLoad(chain, services, perSecond, say);
    const figures: Record<string, number> = { events_per_second: perSecond };
    for (const [name, all] of samples) Object.assign(figures, judged(name, all));
    figures['postgres_connections'] = await connections(await stand.database('postgres'));
    figures['longest_stop_seconds'] = await longestStop(chain, perSecond, say);
    return { bench: 'steady', ratios: ratiosOf(figures), figures, machine: machine() };
  } finally {
    await chain.close();
  }
}

type Chain = Awaited<ReturnType<typeof openChain>>;

async function underLoad(
  chain: Chain,
  services: ReadonlyMap<string, StandService>,
  perSecond: number,
  say: Say,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>([...services.keys()].map((name) => [name, []]));
  const startedAt = performance.now();
  const minutes = (): number => (performance.now() - startedAt) / 60_000;
  const load = sendFor(chain, perSecond, SIZES.minutes * 60);
  let told = 0;
  while (minutes() < SIZES.minutes) {
    await pause(SAMPLE_MS);
    for (const [name, service] of services)
      samples.get(name)?.push(await sampleOf(service, minutes()));
    if (minutes() < told + 1) continue;
    told = Math.floor(minutes());
    const now = [...samples].map(
      ([name, all]) => `${name} ${Math.round(all.at(-1)?.rssMib ?? 0)} MiB`,
    );
    say(`minute ${told}: ${now.join(', ')}`);
  }
  await load;
  return samples;
}

// New events each second: an identity that was there before would cost another path.
async function sendFor(chain: Chain, perSecond: number, seconds: number): Promise<void> {
  const { ingest, stand } = chain;
  const startedAt = performance.now();
  const isOver = (): boolean => performance.now() - startedAt >= seconds * 1_000;
  // On a machine that cannot keep up the load ends with its time, not with its events.
  for (let second = 0; second < seconds && !isOver(); second += 1) {
    const lines = chainEvents(Math.round(perSecond), 1_000 + second).map(({ line }) => line);
    const bodies = ndjsonBodies(lines, REQUEST);
    await postAll({ url: ingest.url, key: stand.adminKey, bodies, connections: 4 });
    await pause(Math.max(0, (second + 1) * 1_000 - (performance.now() - startedAt)));
  }
}

async function sampleOf({ pid, url }: StandService, atMinutes: number): Promise<Sample> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rssMib = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const files = readdirSync(`/proc/${pid}/fd`).length;
  const heapMib = heapUsed(metrics) / 1_048_576;
  return { atMinutes, rssMib, files, heapMib, resources: activeResources(metrics) };
}

/** Bytes of `nodejs_heap_size_used_bytes` in Prometheus text; NaN without it. */
export function heapUsed(metrics: string): number {
  return Number(/^nodejs_heap_size_used_bytes(?:\{.*\})? (\d+)$/mu.exec(metrics)?.[1]);
}

/** Counts of `nodejs_active_resources` by type, in Prometheus text. */
export function activeResources(metrics: string): ReadonlyMap<string, number> {
  const lines = metrics.matchAll(/^nodejs_active_resources\{.*?type="(\w+)".*?\} (\d+)$/gmu);
  return new Map([...lines].map(([, type = '', count]) => [type, Number(count)]));
}

function judged(name: string, all: readonly Sample[]): Record<string, number> {
  const settled = all.slice(Math.floor(all.length / 3));
  const slopeOf = (figure: (sample: Sample) => number): number =>
    slope(settled.map((sample) => [sample.atMinutes, figure(sample)]));
  return {
    [`${name}_rss_slope_mib_per_minute`]: slopeOf(({ rssMib }) => rssMib),
    [`${name}_rss_most_mib`]: Math.max(...all.map(({ rssMib }) => rssMib)),
    [`${name}_heap_slope_mib_per_minute`]: slopeOf(({ heapMib }) => heapMib),
    [`${name}_open_files_slope_per_minute`]: slopeOf(({ files }) => files),
    [`${name}_timers_slope_per_minute`]: slopeOf(({ resources }) => resources.get('Timeout') ?? 0),
    [`${name}_resources_slope_per_minute`]: slopeOf(({ resources }) =>
      [...resources.values()].reduce((sum, count) => sum + count, 0),
    ),
  };
}

/** Of the line through the points by least squares; 0 for fewer than two. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const count = points.length;
  if (count < 2) return 0;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  let above = 0;
  let below = 0;
  for (const [x, y] of points) {
    above += (x - meanX) * (y - meanY);
    below += (x - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

async function connections(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const sql =
      "SELECT count(*)::int AS open FROM pg_stat_activity WHERE backend_type = 'client backend'";
    return (await client.query<{ open: number }>(sql)).rows[0]?.open ?? 0;
  } finally {
    await client.end();
  }
}

// Under load, at moments that differ; a new instance takes over each time.
async function longestStop(chain: Chain, perSecond: number, say: Say): Promise<number> {
  let longest = 0;
  for (let stop = 0; stop < STOPS; stop += 1) {
    const service = await chain.stand.service(stop % 2 === 0 ? 'metering' : 'invoicing');
    const load = sendFor(chain, perSecond, 3);
    await pause(1_000 + 1_500 * Math.random());
    const seconds = await secondsOf(async () => service.stop());
    await load;
    say(`a stop under load took ${seconds.toFixed(2)} s`);
    longest = Math.max(longest, seconds);
  }
  return longest;
}

function ratiosOf(figures: Readonly<Record<string, number>>): Record<string, number> {
  const most = (part: string): number =>
    Math.max(
      ...Object.entries(figures).flatMap(([name, value]) => (name.includes(part) ? [value] : [])),
    );
  return {
    steepest_rss_to_limit_of_1_mib_per_minute: most('rss_slope'),
    steepest_heap_to_limit_of_1_mib_per_minute: most('heap_slope'),
    steepest_timers_to_limit_of_1_per_minute: most('timers_slope'),
    steepest_resources_to_limit_of_1_per_minute: most('resources_slope'),
    steepest_open_files_to_limit_of_1_per_minute: most('open_files_slope'),
    most_rss_to_limit_of_400_mib: most('rss_most') / 400,
    longest_stop_to_limit_of_10_s: most('longest_stop') / 10,
  };
}
