// Accounts and API keys as a service knows them: the fold of the `accounts` topic, one row per organization and per key.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '../database/database.js';
import { type Account, type AccountKey, evolveAccount } from '../events/account.js';
import type { AccountFact, Scope } from '../events/account-facts.js';
import type { StoredKey } from '../http/keys.js';
import { PartitionHalt } from '../projection/projection.js';

/** A key without its hash: what may be shown. `organization` null: bound to none. */
export interface ListedKey extends AccountKey {
  readonly organization: string | null;
}

interface KeyRow {
  id: string;
  organization: string | null;
  name: string;
  hash: string;
  scopes: Scope[];
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
}

export class AccountStore {
  constructor(private readonly source: DataSource) {}

  /** The account as of the last folded fact; undefined when it was never registered. */
  async find(id: string, tx?: EntityManager): Promise<Account | undefined> {
    const [found] = await rows<{ state: Account }>(
      tx ?? this.source,
      'SELECT state FROM account WHERE id = $1',
      [id],
    );
    return found?.state;
  }

  /** Accounts in order of id, after the given one; at most `limit`. */
  async list(after: string | undefined, limit: number): Promise<Account[]> {
    const found = await rows<{ state: Account }>(
      this.source,
      'SELECT state FROM account WHERE id > $1 COLLATE "C" ORDER BY id COLLATE "C" LIMIT $2',
      [after ?? '', limit],
    );
    return found.map((row) => row.state);
  }

  /** Accounts in the database's own order of ids, after the given one; at most `limit`. */
  async pageOf(after: string | null, limit: number, tx: EntityManager): Promise<Account[]> {
    const found = await rows<{ state: Account }>(
      tx,
      'SELECT state FROM account WHERE id > $1 ORDER BY id LIMIT $2',
      [after ?? '', limit],
    );
    return found.map((row) => row.state);
  }

  /** Every account, in order of id. */
  async all(tx?: EntityManager): Promise<Account[]> {
    const found = await rows<{ state: Account }>(
      tx ?? this.source,
      'SELECT state FROM account ORDER BY id COLLATE "C"',
    );
    return found.map((row) => row.state);
  }

  /** Tiers that organizations are on at an instant or planned to be on after it, with how many, by name. */
  async tiersFrom(
    instant: number,
    tx?: EntityManager,
  ): Promise<{ readonly tier: string; readonly organizations: number }[]> {
    return rows(
      tx ?? this.source,
      `SELECT tier, count(DISTINCT id)::int AS organizations FROM (
         SELECT id, span->>'tier' AS tier,
           lead((span->>'from')::bigint) OVER (PARTITION BY id ORDER BY n) AS ends
         FROM account, jsonb_array_elements(state->'tiers') WITH ORDINALITY AS spans (span, n)
       ) AS spans WHERE ends IS NULL OR ends > $1 GROUP BY tier ORDER BY tier`,
      [instant],
    );
  }

  /** The id of the last fact folded into the account, 0 for an unknown one. */
  async lastFactId(id: string, tx?: EntityManager): Promise<number> {
    const [row] = await rows<{ fact_id: string }>(
      tx ?? this.source,
      'SELECT fact_id FROM account WHERE id = $1',
      [id],
    );
    return Number(row?.fact_id ?? 0);
  }

  /** Only those of the given ids that exist. */
  async findMany(ids: readonly string[], tx?: EntityManager): Promise<Map<string, Account>> {
    const found = await rows<{ id: string; state: Account }>(
      tx ?? this.source,
      'SELECT id, state FROM account WHERE id = ANY($1)',
      [ids],
    );
    return new Map(found.map((row) => [row.id, row.state]));
  }

  /** The key by its public id, revoked and expired ones included: whether it still opens is the guard's to say. */
  async findKey(
    keyId: string,
    tx?: EntityManager,
  ): Promise<(StoredKey & { readonly name: string }) | undefined> {
    const [row] = await rows<KeyRow>(tx ?? this.source, 'SELECT * FROM api_key WHERE id = $1', [
      keyId,
    ]);
    if (!row) return undefined;
    const { id, hash, organization, name, scopes } = row;
    return {
      id,
      name,
      hash,
      organization,
      scopes,
      expiresAt: instantOf(row.expires_at),
      revokedAt: instantOf(row.revoked_at),
    };
  }

  /** Keys that are bound to no organization, in order of id, after the given one. */
  async unboundKeys(after: string | undefined, limit: number): Promise<ListedKey[]> {
    const found = await rows<KeyRow>(
      this.source,
      `SELECT * FROM api_key WHERE organization IS NULL AND id > $1 COLLATE "C"
       ORDER BY id COLLATE "C" LIMIT $2`,
      [after ?? '', limit],
    );
    return found.map(({ id, organization, name, scopes, ...row }) => ({
      id,
      organization,
      name,
      scopes,
      createdAt: Number(row.created_at),
      expiresAt: instantOf(row.expires_at),
      revokedAt: instantOf(row.revoked_at),
    }));
  }

  /**
   * Folds one fact into the rows, in the caller's transaction. Halts with `fact_without_account` when the organization was
   * never registered: the log then misses a fact, and guessing an account would price usage wrongly.
   */
  async fold(tx: EntityManager, fact: AccountFact, factId: number): Promise<void> {
    if (fact.type === 'ApiKeyCreated') await addKey(tx, fact);
    if (fact.type === 'ApiKeyRevoked')
      await tx.query('UPDATE api_key SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1', [
        fact.keyId,
        fact.recordedAt,
      ]);
    if (fact.organization === null) return;
    const account = evolveAccount(await this.find(fact.organization, tx), fact);
    if (!account)
      throw new PartitionHalt(
        'fact_without_account',
        `fact ${factId} (${fact.type}) is about ${fact.organization}, which was never registered`,
      );
    await tx.query(
      `INSERT INTO account (id, state, fact_id) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, fact_id = excluded.fact_id`,
      [account.id, JSON.stringify(account), factId],
    );
  }
}

async function addKey(
  tx: EntityManager,
  fact: Extract<AccountFact, { type: 'ApiKeyCreated' }>,
): Promise<void> {
  await tx.query(
    `INSERT INTO api_key (id, organization, name, hash, scopes, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      fact.keyId,
      fact.organization,
      fact.name,
      fact.hash,
      fact.scopes,
      fact.recordedAt,
      fact.expiresAt,
    ],
  );
}

function instantOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
