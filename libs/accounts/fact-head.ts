// The last fact folded per topic, in the same transaction as its effect. Ingest counts its facts 1, 2, 3 … per topic and its
// relay may append one twice after a crash; every reader (and ingest itself) asks this row what is new and what is missing.
import { createHash } from 'node:crypto';
import type { EntityManager, QueryRunner } from 'typeorm';
import { changed, rows } from '../database/database.js';
import type { StoredRecord } from '../log/event-log.js';
import { acceptedHoles } from './accepted-holes.js';
import { type FoldCounts, PartitionHalt } from '../projection/projection.js';

/** Run by both the accounts and the catalog migration: whichever comes first makes the table. */
export async function createFactHead(runner: QueryRunner): Promise<void> {
  await runner.query(`CREATE TABLE IF NOT EXISTS fact_head (
    topic text PRIMARY KEY,
    last_fact_id bigint NOT NULL
  )`);
}

/** Locks the topic's row until the transaction ends and gives the last fact id, 0 before the first fact. */
export async function lockFactHead(tx: EntityManager, topic: string): Promise<number> {
  await tx.query(
    'INSERT INTO fact_head (topic, last_fact_id) VALUES ($1, 0) ON CONFLICT DO NOTHING',
    [topic],
  );
  const [head] = await rows<{ last_fact_id: string }>(
    tx,
    'SELECT last_fact_id FROM fact_head WHERE topic = $1 FOR UPDATE',
    [topic],
  );
  return Number(head?.last_fact_id ?? 0);
}

/** Moves a locked head. */
export async function moveFactHead(
  tx: EntityManager,
  topic: string,
  factId: number,
): Promise<void> {
  await changed(tx, 'UPDATE fact_head SET last_fact_id = $2 WHERE topic = $1', [topic, factId]);
}

/** How a topic's values become facts and rows. */
export interface FactFold<Fact> {
  readonly topic: string;
  /** Throws when the value is not a fact. */
  decode(value: Buffer): { readonly factId: number; readonly fact: Fact };
  apply(tx: EntityManager, fact: Fact, factId: number): Promise<void>;
}

/**
 * Folds records in order: a fact id at or below the head is a duplicate, the next one is applied, a later one is a hole
 * unless an operator took records away. Halts with `undecodable_fact` or `fact_gap`.
 */
export async function foldFacts<Fact>(
  tx: EntityManager,
  fold: FactFold<Fact>,
  records: readonly StoredRecord[],
): Promise<FoldCounts> {
  const before = await lockFactHead(tx, fold.topic);
  let head = before;
  let applied = 0;
  let [digestA, digestB] = [0n, 0n];
  for (const record of records) {
    const { factId, fact } = decodeOrHalt(fold, record);
    if (factId <= head) continue;
    if (factId > head + 1)
      await holeOrHalt(tx, { topic: fold.topic, offset: record.offset, factId, head });
    await fold.apply(tx, fact, factId);
    head = factId;
    applied += 1;
    const hash = createHash('sha256').update(record.value).digest();
    digestA = BigInt.asUintN(64, digestA + hash.readBigUInt64BE(0));
    digestB = BigInt.asUintN(64, digestB + hash.readBigUInt64BE(8));
  }
  if (head > before) await moveFactHead(tx, fold.topic, head);
  return { applied, duplicates: records.length - applied, quarantined: 0, digestA, digestB };
}

async function holeOrHalt(
  tx: EntityManager,
  seen: { topic: string; offset: number; factId: number; head: number },
): Promise<void> {
  const missing = seen.factId - seen.head - 1;
  if (missing <= (await acceptedHoles(tx, seen.topic, seen.offset))) return;
  throw new PartitionHalt(
    'fact_gap',
    `${seen.topic} offset ${seen.offset} holds fact ${seen.factId} where ${seen.head + 1} is next`,
  );
}

function decodeOrHalt<Fact>(
  fold: FactFold<Fact>,
  record: StoredRecord,
): { factId: number; fact: Fact } {
  try {
    return fold.decode(record.value);
  } catch (error) {
    throw new PartitionHalt(
      'undecodable_fact',
      `${fold.topic} offset ${record.offset}: ${(error as Error).message}`,
    );
  }
}
