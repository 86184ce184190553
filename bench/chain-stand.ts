// Ingest and metering on one broker and one database server, and a burst that goes through both.
import { USAGE_RECORDED } from '../libs/events/topics.js';
import type { EventLog } from '../libs/log/event-log.js';
import { openLog } from '../libs/log/open-log.js';
import { formatInstant, HOUR_MS, hourOf } from '../libs/time/instant.js';
import { type BenchEvent, benchEvents } from './events.js';
import { ndjsonBodies, postAll } from './http-load.js';
import { SIZES } from './sizes.js';
import { openStand, type Stand, type StandService } from './stand.js';

export interface Chain {
  readonly stand: Stand;
  readonly log: EventLog;
  readonly ingest: StandService;
  readonly metering: StandService;
  close(): Promise<void>;
}

/** Starts all parts; `--partitions` sets how many the topics have. */
export async function openChain(): Promise<Chain> {
  const stand = await openStand();
  const log = await openLog({ kind: 'kafka', brokers: [stand.brokers], clientId: 'bench' });
  const close = async (): Promise<void> => {
    await log.close();
    await stand.close();
  };
  try {
    const env = { TOPIC_PARTITIONS: String(SIZES.partitions) };
    const ingest = await stand.service('ingest', env);
    const metering = await stand.service('metering', env);
    return { stand, log, ingest, metering, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Events of the bench, made before any clock starts. */
export function chainEvents(count: number, seed: number): BenchEvent[] {
  return benchEvents(count, seed, SIZES.organizations);
}

/** Sends events as fast as it goes and waits until metering shows the last of them. */
export async function burst(chain: Chain, events: readonly BenchEvent[]): Promise<void> {
  const bodies = ndjsonBodies(
    events.map(({ line }) => line),
    500,
  );
  await postAll({ url: chain.ingest.url, key: chain.stand.adminKey, bodies, connections: 8 });
  await untilCaughtUp(chain);
}

// A read that must have seen the end of every partition.
async function untilCaughtUp({ metering, stand, log }: Chain): Promise<void> {
  const marks = await log.watermarks(USAGE_RECORDED);
  const seen = marks.map(({ partition, high }) => `${USAGE_RECORDED}:${partition}:${high}`);
  const hour = hourOf(Date.now());
  const range = { from: formatInstant(hour), to: formatInstant(hour + HOUR_MS) };
  const organization = 'org_bench_0';
  const query = new URLSearchParams({
    organization,
    ...range,
    at_least: seen.join(','),
    wait_ms: '30000',
  });
  const headers = { authorization: `Bearer ${stand.adminKey}` };
  const answer = await fetch(`${metering.url}/v1/usage?${query.toString()}`, { headers });
  if (!answer.ok) throw new Error(`usage answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}
