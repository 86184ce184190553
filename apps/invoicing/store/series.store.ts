// Numbers and the chain of documents: who extends them holds the one lock of issuing, so that numbers have no gap, each document knows
// the hash of the one before it, and nothing is billed twice.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { CHAIN_START } from '../domain/document-chain.js';

// "mbis" in ASCII.
const ISSUING_LOCK = 0x6d626973;

/** Where the documents of a legal entity go on. */
export interface SeriesEnd {
  readonly legalEntity: string;
  /** Of the numbers: the year of issue. */
  readonly year: number;
  /** The series' own prefix: the legal entity's for invoices, `CN-` and that for credit notes. */
  readonly prefix: string;
  /** The last number given out. */
  readonly last: bigint;
  /** Documents of the chain. */
  readonly length: bigint;
  readonly head: Buffer;
}

/** The series that invoices issued at an instant (epoch ms) are in. */
export function invoiceSeries(legalEntity: string, at: number) {
  return { legalEntity, prefix: legalEntity, year: new Date(at).getUTCFullYear() };
}

/** The same for credit notes: their own numbers on the same chain. */
export function creditNoteSeries(legalEntity: string, at: number) {
  return { ...invoiceSeries(legalEntity, at), prefix: `CN-${legalEntity}` };
}

/** Until the transaction ends nobody else issues, voids or credits anything: one at a time, whatever the organization. */
export async function lockIssuing(tx: EntityManager): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [ISSUING_LOCK]);
}

/** Where the series stands; the caller holds the lock if he means to extend it. */
export async function seriesEnd(
  tx: EntityManager,
  at: Pick<SeriesEnd, 'legalEntity' | 'year' | 'prefix'>,
): Promise<SeriesEnd> {
  const [found] = await rows<{ last: string | null; length: string | null; head: Buffer | null }>(
    tx,
    `SELECT (SELECT last FROM invoice_counter WHERE legal_entity = $2 AND year = $3) AS last,
       (SELECT length FROM document_chain WHERE legal_entity = $1) AS length,
       (SELECT head FROM document_chain WHERE legal_entity = $1) AS head`,
    [at.legalEntity, at.prefix, at.year],
  );
  return {
    ...at,
    last: BigInt(found?.last ?? 0),
    length: BigInt(found?.length ?? 0),
    head: found?.head ?? CHAIN_START,
  };
}

/** Whether two ends of a series are the same: then what was made to follow the one follows the other. */
export function isSameEnd(left: SeriesEnd, right: SeriesEnd): boolean {
  return (
    left.prefix === right.prefix &&
    left.year === right.year &&
    left.last === right.last &&
    left.length === right.length &&
    left.head.equals(right.head)
  );
}

/** Writes down how far the series has gone. */
export async function moveSeries(tx: EntityManager, end: SeriesEnd): Promise<void> {
  await tx.query(
    `WITH counted AS (
       INSERT INTO invoice_counter VALUES ($2, $3, $4)
       ON CONFLICT (legal_entity, year) DO UPDATE SET last = excluded.last)
     INSERT INTO document_chain VALUES ($1, $5, $6)
     ON CONFLICT (legal_entity) DO UPDATE SET length = excluded.length, head = excluded.head`,
    [end.legalEntity, end.prefix, end.year, String(end.last), String(end.length), end.head],
  );
}
