// Starts what the specs under test/ need, once a run: Postgres always, Kafka where Java and Maven (or KAFKA_BROKERS) are.
// Given servers win: TEST_DATABASE_URL, KAFKA_BROKERS.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalPostgres } from '../dist/libs/stack/postgres.js';

export default async function start() {
  const stops = [];
  globalThis.meterbookStops = stops;
  const dir = mkdtempSync(join(tmpdir(), 'meterbook-test-'));
  if (process.getuid?.() === 0) (await import('node:fs')).chmodSync(dir, 0o755);
  if (!process.env.TEST_DATABASE_URL) {
    const postgres = await startLocalPostgres({ dir: join(dir, 'postgres'), durable: false });
    process.env.TEST_DATABASE_URL = postgres.url;
    stops.push(() => postgres.stop());
  }
}
