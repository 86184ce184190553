// What the relay must know before it appends: where the log ends. A crash between append and mark, a restored backup and a
// replaced log all show as a difference between the log's last fact and this database; each has one right answer.
import type { EntityManager } from 'typeorm';
import { type FactFold, foldFacts, lockFactHead } from '#libs/accounts/fact-head.js';
import type { EventLog, StoredRecord } from '#libs/log/event-log.js';
import type { OutboxStore } from './outbox.store.js';

/** The log lacks facts that were published to it, or holds others: appending more would hide that. For a person to resolve. */
export class LogDisagrees extends Error {
  override readonly name = 'LogDisagrees';
}

export type Transact = (work: (tx: EntityManager) => Promise<void>) => Promise<void>;

// A relay that lost its lock with an append in flight may have put older facts behind newer ones; never more than a batch.
const TAIL_RECORDS = 1_000;

/**
 * Brings this database and the topic's end together: facts that only the log has (this database is new or from a backup) are
 * folded here; facts that the log has and that are not marked are marked. Throws LogDisagrees when the log ends before what was
 * published, or when a fact differs.
 */
export async function meetLog<Fact>(
  log: EventLog,
  fold: FactFold<Fact>,
  outbox: OutboxStore,
  transact: Transact,
): Promise<void> {
  const { topic } = fold;
  const [marks] = await log.watermarks(topic);
  const { low, high } = marks ?? { low: 0, high: 0 };
  const tail = await readBetween(log, topic, Math.max(low, high - TAIL_RECORDS), high);
  const last = tail.reduce((max, { value }) => Math.max(max, fold.decode(value).factId), 0);
  const published = await outbox.lastPublished(topic);
  if (published.factId > last)
    throw new LogDisagrees(
      `${topic} ends at fact ${last} in the log, but fact ${published.factId} was published to it`,
    );
  if (published.factId === last) return;
  const records = await readBetween(log, topic, Math.max(low, published.offset + 1), high);
  await transact(async (tx) => {
    const head = await lockFactHead(tx, topic);
    // Before the fold: a fact that differs says more than what its fold stumbles over.
    for (const record of records) await writeDown(tx, outbox, fold, record);
    if (last > head) await foldFacts(tx, fold, records);
  });
}

// Restored facts get rows too, so that a PUT that changes nothing can say where its fact is.
async function writeDown<Fact>(
  tx: EntityManager,
  outbox: OutboxStore,
  fold: FactFold<Fact>,
  record: StoredRecord,
): Promise<void> {
  const { factId } = fold.decode(record.value);
  const isSame = await outbox.restore(tx, {
    topic: fold.topic,
    factId,
    key: record.key ?? '',
    value: record.value,
    recordedAt: record.appendedAt,
    requestKey: null,
    publishedOffset: record.offset,
  });
  if (!isSame)
    throw new LogDisagrees(
      `${fold.topic} offset ${record.offset} holds another fact ${factId} than this database`,
    );
}

async function readBetween(
  log: EventLog,
  topic: string,
  from: number,
  end: number,
): Promise<StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (let next = from; next < end;) {
    const records = await log.read(topic, 0, next, { maxRecords: 500 });
    const last = records.at(-1);
    if (!last) break;
    all.push(...records.filter(({ offset }) => offset < end));
    next = last.offset + 1;
  }
  return all;
}
