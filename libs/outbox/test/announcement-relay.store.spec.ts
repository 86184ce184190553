import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { partitionOf } from '#libs/log/partition.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import { announce, type Announcement } from '../announcement.store.js';
import { CreateAnnouncements1760000001000 } from '../announcement-tables.js';
import { AnnouncementRelay } from '../announcement-relay.js';

const TOPIC = 'quota.events';
const PARTITIONS = 3;
const logger = pino({ level: 'silent' });

let source: DataSource;
let log: MemoryLog;
let relays: AnnouncementRelay[];

beforeEach(async () => {
  source = await freshDatabase([CreateAnnouncements1760000001000], 4);
  log = new MemoryLog();
  await log.ensureTopics([{ name: TOPIC, partitions: PARTITIONS }]);
  relays = [];
});

afterEach(async () => {
  for (const relay of relays) await relay.beforeApplicationShutdown();
  await log.close();
  await source.destroy();
});

function about(id: string, key = 'org_acme'): Announcement {
  return { id, topic: TOPIC, key, value: Buffer.from(JSON.stringify({ id, key })), recordedAt: 1 };
}

async function start(): Promise<AnnouncementRelay> {
  const relay = new AnnouncementRelay({ log, source, topics: [TOPIC], logger, everyMs: 20 });
  relays.push(relay);
  await relay.onApplicationBootstrap();
  return relay;
}

async function stored(): Promise<{ id: string; partition: number }[]> {
  const found: { id: string; partition: number }[] = [];
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    for (const { value } of await log.read(TOPIC, partition, 0)) {
      if (!value.toString().startsWith('{')) continue;
      found.push({ id: (JSON.parse(value.toString()) as { id: string }).id, partition });
    }
  return found;
}

async function settled(count: number): Promise<void> {
  const end = Date.now() + 5_000;
  for (;;) {
    const [row] = (await source.query(
      'SELECT count(published_offset)::int AS done FROM announcement',
    )) as { done: number }[];
    if (row?.done === count) return;
    if (Date.now() > end) throw new Error(`only ${String(row?.done)} of ${count} were published`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

describe('announcements', () => {
  it('reach the partition of their key in the order in which they were written', async () => {
    await start();
    await source.transaction(async (tx) => announce(tx, [about('a'), about('b', 'org_other')]));
    await source.transaction(async (tx) => announce(tx, [about('c')]));
    await settled(3);
    const found = await stored();
    expect(found.filter(({ partition }) => partition === partitionOf('org_acme', 3))).toEqual(
      expect.arrayContaining([
        { id: 'a', partition: partitionOf('org_acme', 3) },
        { id: 'c', partition: partitionOf('org_acme', 3) },
      ]),
    );
    const ids = found.map(({ id }) => id);
    expect(ids.toSorted()).toEqual(['a', 'b', 'c']);
    expect(ids.indexOf('a')).toBeLessThan(ids.indexOf('c'));
  });

  it('of a transaction that rolled back are never said', async () => {
    await start();
    const failing = source.transaction(async (tx) => {
      await announce(tx, [about('never')]);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await source.transaction(async (tx) => announce(tx, [about('said')]));
    await settled(1);
    expect((await stored()).map(({ id }) => id)).toEqual(['said']);
  });

  it('are said once when their id is written twice', async () => {
    await start();
    for (let times = 0; times < 2; times += 1)
      await source.transaction(async (tx) => announce(tx, [about('once')]));
    await settled(1);
    expect(await stored()).toHaveLength(1);
  });

  it('that were appended before a crash and not written down are found in the log', async () => {
    await source.transaction(async (tx) => announce(tx, [about('a'), about('b')]));
    const { key, value } = about('a');
    await log.append(TOPIC, partitionOf(key, PARTITIONS), [{ key, value }]);
    await start();
    await settled(2);
    expect((await stored()).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('wait while the log is away, say why, and pass records of strangers by', async () => {
    await log.append(TOPIC, 0, [{ key: null, value: Buffer.from('no json') }]);
    const relay = await start();
    log.available(false);
    await source.transaction(async (tx) => announce(tx, [about('late')]));
    const end = Date.now() + 3_000;
    while (relay.troubles().length === 0 && Date.now() < end)
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    expect(relay.troubles()).toEqual([expect.stringContaining('announcements wait')]);
    log.available(true);
    await settled(1);
    expect(relay.troubles()).toEqual([]);
  });

  it('are moved by one of two relays, and by the other when the first is gone', async () => {
    const first = await start();
    await start();
    await source.transaction(async (tx) => announce(tx, [about('a')]));
    await settled(1);
    await first.beforeApplicationShutdown();
    await source.transaction(async (tx) => announce(tx, [about('b')]));
    await settled(2);
    expect((await stored()).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
