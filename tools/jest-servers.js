// Starts what the specs under test/ need, once a run: Postgres always, Kafka where Java and Maven (or KAFKA_BROKERS) are.
// In this order: servers that are given (TEST_DATABASE_URL, KAFKA_BROKERS); containers, when a Docker engine answers and has or can
// pull the images; local processes from npm and Maven. Without Kafka, KAFKA_MISSING says why (libs/testing/kafka.ts).
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaAvailability, startLocalKafka } from '../dist/libs/stack/kafka.js';
import { startLocalPostgres } from '../dist/libs/stack/postgres.js';

export default async function start() {
  const stops = [];
  globalThis.meterbookStops = stops;
  const dir = mkdtempSync(join(tmpdir(), 'meterbook-test-'));
  stops.push(async () => rmSync(dir, { recursive: true, force: true }));
  if (process.getuid?.() === 0) chmodSync(dir, 0o755);
  // Both at once: the broker takes about four seconds, and whether some spec of this run needs it is not known here.
  const started = await Promise.allSettled([startPostgres(dir, stops), startKafka(dir, stops)]);
  const failed = started.find(({ status }) => status === 'rejected');
  if (!failed) return;
  for (const stop of stops.toReversed()) await stop();
  throw failed.reason;
}

async function startPostgres(dir, stops) {
  if (process.env.TEST_DATABASE_URL) return;
  const postgres =
    (await inContainer('Postgres', async (containers) => containers.postgresContainer())) ??
    (await startLocalPostgres({ dir: join(dir, 'postgres'), durable: false }));
  stops.push(() => postgres.stop());
  process.env.TEST_DATABASE_URL = postgres.url;
}

async function startKafka(dir, stops) {
  if (process.env.KAFKA_BROKERS) return;
  const contained = await inContainer('Kafka', async (containers) => containers.kafkaContainer());
  if (contained) {
    stops.push(() => contained.stop());
    process.env.KAFKA_BROKERS = contained.brokers;
    return;
  }
  const reason = kafkaAvailability();
  if (reason !== undefined) {
    process.env.KAFKA_MISSING = reason;
    return;
  }
  try {
    const kafka = await startLocalKafka({ dir: join(dir, 'kafka') });
    stops.push(() => kafka.stop());
    process.env.KAFKA_BROKERS = kafka.brokers;
  } catch (error) {
    // A machine that cannot fetch the jars still runs every other spec; those that need Kafka say so, and fail in CI.
    process.env.KAFKA_MISSING = error instanceof Error ? error.message : String(error);
  }
}

// Undefined when no engine answers, or when it cannot have the image: then local processes do.
async function inContainer(name, launch) {
  const containers = await import('./test-containers.js');
  if (!(await containers.engineAnswers())) return undefined;
  try {
    const started = await launch(containers);
    process.stderr.write(`${name} for tests runs in a container\n`);
    return started;
  } catch (error) {
    process.stderr.write(`no container for ${name} (${error.message}): a local process instead\n`);
    return undefined;
  }
}
