// Plays a real trace at a running stack, over HTTP or straight into Kafka, and ends with the same comparison as the demo.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { partitionOf } from '#libs/log/partition.js';
import { openLog } from '#libs/log/open-log.js';
import { Home } from '#libs/stack/home.js';
import { pause } from '#libs/stack/children.js';
import { nothingSent, notePosition, type Sent, sendEvents } from '../client/event-sender.js';
import { StackClient } from '../client/stack-client.js';
import { dollars } from '../domain/agreement.js';
import { Ledger } from '../domain/ledger.js';
import { readTrace, type Trace } from '../domain/trace.js';
import { traceMessages } from '../domain/trace-messages.js';
import { grouped } from '../domain/table.js';
import { type UsageMessage, usageCloudEvent } from '../domain/usage-message.js';
import type { Progress } from '../progress.js';
import { agree } from './agree.js';
import { showAccount } from './show-account.js';

export interface LoadOptions {
  readonly home?: string;
  readonly trace: string;
  /** Times faster than the trace was; absent: as fast as it goes. */
  readonly speed?: number;
  /** Straight to Kafka, past ingest: metering's gate decides. */
  readonly direct: boolean;
  readonly organization: string;
  readonly tier: string;
  readonly model: string;
  readonly batch: number;
}

/** Sends every request of a trace once, dated so that the last one is now; true when every comparison is equal. */
export async function load(options: LoadOptions, progress: Progress): Promise<boolean> {
  const home = new Home(options.home);
  const endpoints = home.endpoints();
  if (!endpoints) throw new Error(`no stack runs from ${home.dir}: start one with npm run up`);
  const client = new StackClient(endpoints, home.adminKey().key);
  const trace = readTraceFile(options.trace);
  progress.step(
    `${trace.format} trace: ${grouped(trace.requests.length)} requests, ${grouped(trace.skipped)} failed calls left out`,
  );
  const { organization, tier } = options;
  await client.ingest.put(`/v1/organizations/${organization}`, {
    name: `Load ${organization}`,
    currency: 'USD',
    tier,
    profile: 'groq',
  });
  const messages = traceMessages(trace, {
    organization,
    model: options.model,
    endsAt: Date.now(),
    seed: Date.now() % 2 ** 31,
  });
  const ledger = new Ledger();
  for (const message of messages) ledger.add(message);
  const startedAt = performance.now();
  const sent = options.direct
    ? await sendDirect(endpoints.kafka, messages, progress)
    : await sendOverHttp(client, messages, trace, options, progress);
  const seconds = (performance.now() - startedAt) / 1_000;
  const rate = Math.round(messages.length / seconds);
  progress.step(
    `${grouped(sent.accepted)} events acknowledged in ${seconds.toFixed(2)} s, ${grouped(rate)} a second`,
  );
  const { equal, comparisons } = await agree(
    client,
    ledger,
    [{ organization, tier }],
    sent,
    progress,
  );
  const [period] = ledger.periods(organization).slice(-1);
  await showAccount(client, organization, period ?? '', progress);
  await sayRecomputed(client, ledger, options, progress);
  progress.result({
    equal,
    events: messages.length,
    seconds,
    rate,
    rejected: sent.rejected,
    comparisons,
  });
  return equal && sent.rejected.length === 0;
}

async function sayRecomputed(
  client: StackClient,
  ledger: Ledger,
  options: LoadOptions,
  progress: Progress,
): Promise<void> {
  const published = await client.catalog();
  for (const period of ledger.periods(options.organization)) {
    const list = ledger.price(options.organization, period, options.tier, published);
    progress.say(
      `  recomputed from the trace and catalog ${published.version}, ${period}: ${dollars(list)} at list price`,
    );
  }
}

function readTraceFile(file: string): Trace {
  const bytes = readFileSync(file);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return readTrace((isGzip ? gunzipSync(bytes) : bytes).toString('utf8'));
}

async function sendOverHttp(
  client: StackClient,
  messages: readonly UsageMessage[],
  trace: Trace,
  options: LoadOptions,
  progress: Progress,
): Promise<Sent> {
  const sent = nothingSent();
  const lines = messages.map((message) => JSON.stringify(usageCloudEvent(message)));
  const bar = progress.bar('requests', lines.length);
  const startedAt = performance.now();
  const { speed } = options;
  const before = async (index: number): Promise<void> => {
    if (speed === undefined) return;
    const dueMs = (trace.requests[index]?.afterMs ?? 0) / speed;
    await pause(Math.max(0, dueMs - (performance.now() - startedAt)));
  };
  // Played at a speed, batches are small so that events are not held back for long.
  const batch = speed === undefined ? options.batch : Math.min(options.batch, 20);
  await sendEvents(client.ingest, lines, sent, {
    batch,
    concurrency: 4,
    onSent: (events) => bar.advance(events),
    before,
  });
  bar.done();
  return sent;
}

async function sendDirect(
  brokers: string | null,
  messages: readonly UsageMessage[],
  progress: Progress,
): Promise<Sent> {
  if (brokers === null) throw new Error('--direct needs a stack with Kafka: npm run up -- --kafka');
  const log = await openLog({ kind: 'kafka', brokers: [brokers], clientId: 'meterbook-load' });
  const sent = nothingSent();
  const bar = progress.bar('requests', messages.length);
  try {
    const partitions = await log.partitionCount(USAGE_RECORDED);
    for (let first = 0; first < messages.length; first += 1_000) {
      const batch = messages.slice(first, first + 1_000);
      for (const [partition, group] of Map.groupBy(batch, ({ organization }) =>
        partitionOf(organization, partitions),
      )) {
        const records = group.map((message) => ({
          key: message.organization,
          value: Buffer.from(JSON.stringify(usageCloudEvent(message))),
        }));
        const { nextOffset } = await log.append(USAGE_RECORDED, partition, records);
        notePosition(sent, partition, nextOffset);
      }
      sent.accepted += batch.length;
      bar.advance(batch.length);
    }
  } finally {
    bar.done();
    await log.close();
  }
  return sent;
}
