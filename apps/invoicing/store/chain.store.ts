// Reads the chain of documents as it is stored and computes its hashes again, in the database: only the hashes come here.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import {
  CHAIN_START,
  type ChainFault,
  type ChainLink,
  type ChainPoint,
  faultOf,
} from '../domain/document-chain.js';

/** A link and what is wrong with it; null: nothing. */
export interface CheckedLink extends ChainLink {
  readonly legalEntity: string;
  readonly fault: ChainFault | null;
}

/** A chain from its first document to its end; `broken` is the first fault. */
export interface CheckedChain {
  readonly legalEntity: string;
  readonly documents: bigint;
  readonly head: string;
  /** `number` null: documents are missing at the end, and none is left to name. */
  readonly broken: { readonly number: string | null; readonly fault: ChainFault } | null;
}

interface LinkRow {
  number: string;
  legal_entity: string;
  position: string;
  previous_hash: string;
  hash: string;
  computed: string;
}

interface EndRow {
  legal_entity: string;
  length: string;
  head: string;
}

// 2,000 documents of 2 kB are 15 ms.
const STEP = 2_000n;

const linksOf = (where: string): string =>
  ['invoice', 'credit_note']
    .map(
      (table) => `
  SELECT number, legal_entity, chain_position AS position, encode(previous_hash, 'hex')
      AS previous_hash, encode(hash, 'hex') AS hash,
    encode(sha256(convert_to(
      encode(previous_hash, 'hex') || E'\\n' || number || E'\\n' || document, 'UTF8')), 'hex')
      AS computed
  FROM ${table} WHERE ${where}`,
    )
    .join(' UNION ALL ');

const START: ChainPoint = { position: 0n, hash: CHAIN_START.toString('hex') };

export class ChainStore {
  constructor(private readonly source: DataSource) {}

  /** The link of an invoice or a credit note, compared with its neighbours; undefined: there is no such number. */
  async link(number: string): Promise<CheckedLink | undefined> {
    return this.inSnapshot(async (tx) => {
      const [found] = await links(tx, 'number = $1', [number]);
      if (!found) return undefined;
      const near = await links(tx, 'legal_entity = $1 AND chain_position = ANY($2)', [
        found.legalEntity,
        [found.position - 1n, found.position + 1n].map(String),
      ]);
      const end = (await ends(tx)).find(({ legalEntity }) => legalEntity === found.legalEntity);
      const before = near.find(({ position }) => position === found.position - 1n);
      const after = near.find(({ position }) => position === found.position + 1n);
      const next = after?.previousHash ?? end?.head;
      const broken =
        faultOf(found, before ?? (found.position === 1n ? START : { ...START, position: -1n })) ??
        (next === found.hash ? null : 'link_broken');
      return { ...found, fault: broken };
    });
  }

  /** Every chain, walked from its first document to its end; it reads every document that was ever issued. */
  async check(): Promise<CheckedChain[]> {
    return this.inSnapshot(async (tx) => {
      const checked: CheckedChain[] = [];
      for (const { legalEntity, length, head } of await ends(tx)) {
        const broken = await walk(tx, { legalEntity, length, head });
        checked.push({ legalEntity, documents: length, head, broken });
      }
      return checked;
    });
  }

  private async inSnapshot<Result>(read: (tx: EntityManager) => Promise<Result>): Promise<Result> {
    return this.source.transaction('REPEATABLE READ', async (tx) => {
      await tx.query('SET TRANSACTION READ ONLY');
      await tx.query(`SET LOCAL statement_timeout = '60s'; SET LOCAL enable_seqscan = off`);
      return read(tx);
    });
  }
}

interface ChainEnd {
  readonly legalEntity: string;
  readonly length: bigint;
  readonly head: string;
}

async function walk(tx: EntityManager, end: ChainEnd): Promise<CheckedChain['broken']> {
  let before = START;
  let last: string | null = null;
  for (let from = 0n; from < end.length; from += STEP) {
    const page = await links(
      tx,
      'legal_entity = $1 AND chain_position > $2 AND chain_position <= $3',
      [end.legalEntity, String(from), String(from + STEP)],
    );
    for (const link of page) {
      const fault = faultOf(link, before);
      if (fault) return { number: link.number, fault };
      before = link;
      last = link.number;
    }
  }
  if (before.position !== end.length) return { number: last, fault: 'document_missing' };
  if (before.hash !== end.head) return { number: last, fault: 'link_broken' };
  const [beyond] = await links(
    tx,
    'legal_entity = $1 AND (chain_position > $2 OR chain_position < 1)',
    [end.legalEntity, String(end.length)],
  );
  return beyond ? { number: beyond.number, fault: 'link_broken' } : null;
}

async function ends(tx: EntityManager): Promise<ChainEnd[]> {
  const found = await rows<EndRow>(
    tx,
    `SELECT legal_entity, length, encode(head, 'hex') AS head FROM document_chain
     ORDER BY legal_entity`,
  );
  return found.map((row) => ({
    legalEntity: row.legal_entity,
    length: BigInt(row.length),
    head: row.head,
  }));
}

async function links(
  tx: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<(ChainLink & { legalEntity: string })[]> {
  const found = await rows<LinkRow>(tx, `${linksOf(where)} ORDER BY position, number`, parameters);
  return found.map((row) => ({
    legalEntity: row.legal_entity,
    number: row.number,
    position: BigInt(row.position),
    previousHash: row.previous_hash,
    hash: row.hash,
    computedHash: row.computed,
  }));
}
