// Metering at half of what it was just measured to take, for as long as something else is measured beside it.
import { Client } from 'pg';
import { USAGE_RECORDED } from '../libs/events/topics.js';
import type { EventLog } from '../libs/log/event-log.js';
import { openLog } from '../libs/log/open-log.js';
import { partitionOf } from '../libs/log/partition.js';
import { pause } from '../libs/stack/children.js';
import { benchEvents } from './events.js';
import type { Stand } from './stand.js';

const SLICE = 500;

export interface MeteringLoad {
  /** Events a second that metering took at most. */
  readonly capacity: number;
  /** Events a second that are sent while `work` runs. */
  during<T>(work: () => Promise<T>, seconds: number): Promise<{ result: T; perSecond: number }>;
  close(): Promise<void>;
}

/** Starts metering and measures it with a burst of events. */
export async function openMeteringLoad(stand: Stand, burst: number): Promise<MeteringLoad> {
  const log = await openLog({ kind: 'kafka', brokers: [stand.brokers], clientId: 'bench' });
  const metering = await stand.service('metering');
  const client = new Client({ connectionString: await stand.database('meterbook_metering') });
  await client.connect();
  const startedAt = performance.now();
  const target = await append(log, burst, 1);
  while ((await foldedBy(client)) < target) await pause(20);
  const capacity = burst / ((performance.now() - startedAt) / 1_000);
  return {
    capacity,
    during: async (work, seconds) => {
      const stopping = new AbortController();
      const sending = keepSending(log, capacity / 2, seconds, stopping.signal);
      try {
        const result = await work();
        stopping.abort();
        return { result, perSecond: await sending };
      } finally {
        stopping.abort();
      }
    },
    close: async () => {
      await client.end();
      await log.close();
      await metering.stop();
    },
  };
}

async function append(log: EventLog, count: number, seed: number): Promise<number> {
  await appendEvents(log, benchEvents(count, seed));
  const watermarks = await log.watermarks(USAGE_RECORDED);
  return watermarks.reduce((sum, { high }) => sum + high, 0);
}

async function appendEvents(
  log: EventLog,
  events: readonly { organization: string; line: Buffer }[],
): Promise<void> {
  const partitions = await log.partitionCount(USAGE_RECORDED);
  const groups = Map.groupBy(events, ({ organization }) => partitionOf(organization, partitions));
  await Promise.all(
    [...groups].map(async ([partition, group]) => {
      const records = group.map(({ organization, line }) => ({ key: organization, value: line }));
      for (let at = 0; at < records.length; at += 1_000)
        await log.append(USAGE_RECORDED, partition, records.slice(at, at + 1_000));
    }),
  );
}

// Gives the rate that was kept.
async function keepSending(
  log: EventLog,
  perSecond: number,
  seconds: number,
  stopping: AbortSignal,
): Promise<number> {
  const events = benchEvents(Math.ceil(perSecond * seconds), 7);
  const startedAt = performance.now();
  let sent = 0;
  while (sent < events.length && !stopping.aborted) {
    const due = (sent * 1_000) / perSecond;
    await pause(Math.max(0, due - (performance.now() - startedAt)));
    await appendEvents(log, events.slice(sent, sent + SLICE));
    sent += SLICE;
  }
  return sent / ((performance.now() - startedAt) / 1_000);
}

async function foldedBy(client: Client): Promise<number> {
  const sql =
    'SELECT coalesce(sum(next_offset), 0)::int8 AS folded FROM stream_offset WHERE topic = $1';
  const { rows } = await client.query<{ folded: string }>(sql, [USAGE_RECORDED]);
  return Number(rows[0]?.folded ?? 0);
}
