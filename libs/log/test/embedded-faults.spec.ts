import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type LocalPostgres, startLocalPostgres } from '../../stack/postgres.js';
import { freshTopic } from '../../testing/kafka.js';
import { freshDatabaseUrl } from '../../testing/postgres.js';
import { EmbeddedLog } from '../embedded-log.js';
import { LogUnavailable } from '../event-log.js';
import { texts } from './contract-topics.js';
import { Reader, until, wait } from './reader.js';

describe('log in Postgres tables whose connections are cut', () => {
  let databaseUrl: string;
  let log: EmbeddedLog;
  let admin: pg.Client;
  let topic: string;
  beforeAll(async () => {
    databaseUrl = await freshDatabaseUrl('log');
    log = await EmbeddedLog.open({ databaseUrl, clientId: 'faults' });
    admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
  });
  beforeEach(async () => {
    topic = freshTopic('faults');
    await log.ensureTopics([{ name: topic, partitions: 2 }]);
  });
  afterAll(async () => {
    await log.close();
    await admin.end();
  });

  it('keeps every acknowledged record where its caller was told, and the reader misses none', async () => {
    const reader = await new Reader().start(log, freshTopic('group'), [topic]);
    const places: { partition: number; text: string; offset: number }[] = [];
    for (let round = 0; round < 8; round += 1) {
      const calls = Array.from({ length: 20 }, async (_, n) => {
        const partition = n % 2;
        const text = `${round}:${n}`;
        const { firstOffset } = await log.append(topic, partition, [
          { key: null, value: Buffer.from(text) },
        ]);
        places.push({ partition, text, offset: firstOffset });
      });
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name LIKE 'faults log%' AND datname = current_database()`,
      );
      await Promise.all(calls);
    }
    for (const { partition, text, offset } of places) {
      const [record] = await log.read(topic, partition, offset, { maxRecords: 1 });
      expect(record?.value.toString()).toBe(text);
    }
    const marks = await log.watermarks(topic);
    await until(
      () => marks.every(({ partition, high }) => reader.offsetsOf(partition).length >= high),
      () => [marks, reader.texts.length],
    );
    for (const { partition, high } of marks)
      expect(reader.offsetsOf(partition)).toEqual(Array.from({ length: high }, (_, n) => n));
    expect(reader.crashes).toEqual([]);
    await reader.stop();
  });

  it('gives the partitions of a member that went silent to another', async () => {
    const group = freshTopic('group');
    await admin.query(
      `INSERT INTO log_member (id, group_name, topics, seen_at)
       VALUES ('silent', $1, $2, now() - interval '1 minute')`,
      [group, [topic]],
    );
    await admin.query(
      `INSERT INTO log_claim SELECT $1, $2, n, 'silent' FROM generate_series(0, 1) n`,
      [group, topic],
    );
    const reader = await new Reader().start(log, group, [topic]);
    expect(reader.assigned).toEqual([0, 1]);
    await reader.stop();
  });

  it('takes nothing from a member that lives, and gets its part when that one lets go', async () => {
    const group = freshTopic('group');
    const other = await EmbeddedLog.open({ databaseUrl, clientId: 'other' });
    const slow = await new Reader(async () => {
      await wait(700);
      return { kind: 'applied' };
    }).start(log, group, [topic]);
    for (const p of [0, 1]) await log.append(topic, p, texts('x', 1));
    await until(
      () => slow.batches.length === 2,
      () => slow.batches.length,
    );
    const started = performance.now();
    const late = await new Reader().start(other, group, [topic]);
    expect(late.assigned).toEqual([]);
    await until(
      () => late.assigned.length === 1,
      () => late.assigned,
    );
    // The other's handler ended first.
    expect(performance.now() - started).toBeGreaterThan(400);
    expect(slow.assigned.length).toBe(1);
    await Promise.all([slow.stop(), late.stop()]);
    await other.close();
  });

  it('joins again after it was put out, and is assigned anew', async () => {
    const group = freshTopic('group');
    const reader = await new Reader().start(log, group, [topic]);
    await admin.query('DELETE FROM log_member WHERE group_name = $1', [group]);
    await until(
      () => reader.assignments.length === 2,
      () => reader.assignments,
    );
    expect(reader.assigned).toEqual([0, 1]);
    await log.append(topic, 1, texts('x', 1));
    await until(
      () => reader.texts.length === 1,
      () => reader.texts,
    );
    await reader.stop();
  });
});

describe('log in Postgres tables whose server is away', () => {
  let dir: string;
  let postgres: LocalPostgres;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'meterbook-log-'));
    chmodSync(dir, 0o755);
    postgres = await startLocalPostgres({ dir: join(dir, 'postgres'), durable: false });
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('refuses in time, and goes on when the server is back', async () => {
    const log = await EmbeddedLog.open({
      databaseUrl: postgres.url,
      clientId: 'away',
      appendDeadlineMs: 400,
    });
    await log.ensureTopics([{ name: 't', partitions: 1 }]);
    const reader = await new Reader().start(log, 'group', ['t']);
    await log.append('t', 0, texts('before', 1));
    await postgres.stop();
    const asked = performance.now();
    await expect(log.append('t', 0, texts('lost', 1))).rejects.toThrow(LogUnavailable);
    expect(performance.now() - asked).toBeLessThan(1_000);
    await expect(log.read('t', 0, 0)).rejects.toThrow(LogUnavailable);
    postgres = await startLocalPostgres({
      dir: join(dir, 'postgres'),
      port: postgres.port,
      durable: false,
    });
    const { firstOffset } = await log.append('t', 0, texts('after', 1));
    await until(
      () => reader.texts.includes('after0'),
      () => reader.texts,
    );
    expect(reader.offsetsOf(0)).toEqual(Array.from({ length: firstOffset + 1 }, (_, n) => n));
    expect(reader.crashes).toEqual([]);
    await reader.stop();
    await log.close();
  });
});
