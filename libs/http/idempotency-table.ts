// The table of Idempotency-Keys: who claimed a key, for which request, and the answer once there is one.
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { changed, rows } from '../database/database.js';
import { Problem } from './problem.js';

/** A run that died is taken over after this long; no handler takes longer than the 30 s of a request. */
const LOCK = `now() + interval '60 seconds'`;
const KEPT = `interval '7 days'`;
const WHERE = 'WHERE caller = $1 AND route = $2 AND key = $3';

/** The table `idempotency_key`; rows older than 7 days are removed as new ones come. */
export class CreateIdempotencyTable implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE idempotency_key (
      caller text NOT NULL, route text NOT NULL, key text NOT NULL, request_hash text NOT NULL,
      body bytea, locked_until timestamptz NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (caller, route, key))`);
    await runner.query('CREATE INDEX idempotency_key_created ON idempotency_key (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_key');
  }
}

/** A key in the hands of a caller, for one method and path. */
export interface Claim {
  readonly caller: string;
  readonly route: string;
  readonly key: string;
  /** SHA-256 of the request's body. */
  readonly hash: string;
}

/** Told by its end: a run that was taken over may neither keep an answer nor let go of the key. */
export type Lock = { readonly until: string } | { readonly kept: Buffer };

/** The questions asked of the table. */
export class IdempotencyTable {
  constructor(private readonly source: DataSource) {}

  /** Takes the key, or gives the kept answer; throws Problem 422 for another request, 409 while the first one runs. */
  async claim({ caller, route, key, hash }: Claim): Promise<Lock> {
    await changed(this.source, `DELETE FROM idempotency_key WHERE created_at < now() - ${KEPT}`);
    const [mine] = await rows<{ until: string }>(
      this.source,
      `INSERT INTO idempotency_key AS known (caller, route, key, request_hash, locked_until)
       VALUES ($1, $2, $3, $4, ${LOCK})
       ON CONFLICT (caller, route, key) DO UPDATE SET locked_until = ${LOCK}
       WHERE known.body IS NULL AND known.locked_until < now() AND known.request_hash = $4
       RETURNING locked_until::text AS until`,
      [caller, route, key, hash],
    );
    if (mine) return mine;
    const [known] = await rows<{ request_hash: string; body: Buffer | null }>(
      this.source,
      `SELECT request_hash, body FROM idempotency_key ${WHERE}`,
      [caller, route, key],
    );
    if (known && known.request_hash !== hash) throw reused();
    if (!known?.body) throw running();
    return { kept: known.body };
  }

  /** Keeps the sealed answer of the run that holds the lock. */
  async keep({ caller, route, key }: Claim, until: string, body: Buffer): Promise<void> {
    await changed(
      this.source,
      `UPDATE idempotency_key SET body = $5 ${WHERE} AND locked_until = $4::timestamptz`,
      [caller, route, key, until, body],
    );
  }

  /** Lets go of a key whose request was refused or failed: it is decided afresh when it is tried again. */
  async release({ caller, route, key }: Claim, until: string): Promise<void> {
    await changed(
      this.source,
      `DELETE FROM idempotency_key ${WHERE} AND locked_until = $4::timestamptz AND body IS NULL`,
      [caller, route, key, until],
    );
  }
}

function reused(): Problem {
  return new Problem(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key was used with another request body.',
  );
}

function running(): Problem {
  return new Problem(
    409,
    'idempotency_key_in_use',
    'The first request with this Idempotency-Key is still running.',
    { headers: { 'retry-after': '1' } },
  );
}
