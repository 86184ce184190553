// Token buckets per organization, model and limit.
import type { DataSource, EntityManager } from 'typeorm';
import { changed, rows } from '#libs/database/database.js';
import type { LimitName } from '#libs/events/account-facts.js';
import type { Bucket } from '#libs/rating/bucket.js';
import type { Buckets } from '../domain/bucket-uses.js';

/** One bucket with its name. */
export interface NamedBucket {
  readonly organization: string;
  readonly model: string;
  readonly limit: LimitName;
  readonly bucket: Bucket;
}

export interface BucketName {
  readonly organization: string;
  readonly model: string;
}

interface BucketRow {
  organization: string;
  model: string;
  limit_name: LimitName;
  debt: string;
  counted_at: string;
  used_since: string;
}

export class BucketStore {
  constructor(private readonly source: DataSource) {}

  /** The buckets of an organization by model. */
  async ofOrganization(organization: string): Promise<Map<string, Buckets>> {
    const found = await rows<BucketRow>(
      this.source,
      'SELECT * FROM bucket WHERE organization = $1 ORDER BY model, limit_name',
      [organization],
    );
    const byModel = new Map<string, Map<LimitName, Bucket>>();
    for (const row of found) {
      const buckets = byModel.get(row.model) ?? new Map<LimitName, Bucket>();
      byModel.set(row.model, buckets.set(row.limit_name, toBucket(row)));
    }
    return byModel;
  }

  /** Locks and gives the buckets of these organizations and models, in the order of the key: two writers never wait in a circle. */
  async lock(tx: EntityManager, names: readonly BucketName[]): Promise<NamedBucket[]> {
    const found = await rows<BucketRow>(
      tx,
      `SELECT * FROM bucket
       WHERE (organization, model) IN (SELECT * FROM unnest($1::text[], $2::text[]))
       ORDER BY organization, model, limit_name FOR UPDATE`,
      [names.map((name) => name.organization), names.map((name) => name.model)],
    );
    return found.map(toNamed);
  }

  /** Those buckets as they are, without a lock. */
  async find(tx: EntityManager, names: readonly BucketName[]): Promise<NamedBucket[]> {
    if (names.length === 0) return [];
    const found = await rows<BucketRow>(
      tx,
      `SELECT * FROM bucket
       WHERE (organization, model) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [names.map((name) => name.organization), names.map((name) => name.model)],
    );
    return found.map(toNamed);
  }

  /** Makes full buckets where there are none yet, not yet locked. */
  async createMissing(tx: EntityManager, buckets: readonly NamedBucket[]): Promise<void> {
    await rows(
      tx,
      `INSERT INTO bucket
       SELECT organization, model, limit_name, 0, 0, 0
       FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (organization, model, limit_name)
       ORDER BY organization, model, limit_name
       ON CONFLICT DO NOTHING`,
      namesOf(buckets),
    );
  }

  /** Writes buckets that the transaction has locked. */
  async write(tx: EntityManager, buckets: readonly NamedBucket[]): Promise<void> {
    if (buckets.length === 0) return;
    await changed(
      tx,
      `UPDATE bucket SET debt = now.debt, counted_at = now.counted_at, used_since = now.used_since
       FROM unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::bigint[], $6::bigint[])
         AS now (organization, model, limit_name, debt, counted_at, used_since)
       WHERE (bucket.organization, bucket.model, bucket.limit_name)
         = (now.organization, now.model, now.limit_name)`,
      [
        ...namesOf(buckets),
        buckets.map(({ bucket }) => bucket.debt.toString()),
        buckets.map(({ bucket }) => bucket.at),
        buckets.map(({ bucket }) => bucket.since),
      ],
    );
  }
}

function namesOf(buckets: readonly NamedBucket[]): string[][] {
  return [
    buckets.map(({ organization }) => organization),
    buckets.map(({ model }) => model),
    buckets.map(({ limit }) => limit),
  ];
}

function toNamed(row: BucketRow): NamedBucket {
  const { organization, model, limit_name: limit } = row;
  return { organization, model, limit, bucket: toBucket(row) };
}

function toBucket(row: BucketRow): Bucket {
  return { debt: BigInt(row.debt), at: Number(row.counted_at), since: Number(row.used_since) };
}
