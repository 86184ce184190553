// Standings as they are, for whoever shows them: no lock, one snapshot per question.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Buckets } from '../domain/bucket-uses.js';
import { type AdmissionRow, type BucketRow, bucketsOf } from './admission-rows.js';

/** What one scope holds now; `credit` is what credits were left when the month began. */
export interface HeldMoney {
  readonly heldFemto: bigint;
  readonly unconfirmedFemto: bigint;
  readonly creditFemto: bigint | null;
  readonly isBlocked: boolean;
}

export class StandingReader {
  constructor(private readonly source: DataSource) {}

  /** Buckets of the organization by model, holds included; models that were never reserved are absent. */
  async buckets(organization: string): Promise<Map<string, Buckets>> {
    const found = await rows<BucketRow>(
      this.source,
      `SELECT b.* FROM admission_bucket b JOIN fold_generation USING (generation)
       WHERE organization = $1 AND project = '' ORDER BY model`,
      [organization],
    );
    return new Map(found.map(({ model, buckets }) => [model, bucketsOf(buckets)]));
  }

  /** What each scope holds, WHOLE and projects; `month` is the start of the month that is shown. */
  async money(
    organization: string,
    month: number,
    tx?: EntityManager,
  ): Promise<Map<string, HeldMoney>> {
    const found = await rows<AdmissionRow>(
      tx ?? this.source,
      'SELECT * FROM admission WHERE organization = $1 ORDER BY project',
      [organization],
    );
    return new Map(
      found.map((row) => [
        row.project,
        {
          heldFemto: BigInt(row.held),
          unconfirmedFemto: row.month === month.toString() ? BigInt(row.unconfirmed) : 0n,
          creditFemto: row.credit === null ? null : BigInt(row.credit),
          isBlocked: row.blocked !== null,
        },
      ]),
    );
  }

  /** Reads that see one and the same state. */
  async snapshot<Read>(read: (tx: EntityManager) => Promise<Read>): Promise<Read> {
    return this.source.transaction('REPEATABLE READ', read);
  }

  /** What a scope holds when nothing is known of it. */
  static none(): HeldMoney {
    return { heldFemto: 0n, unconfirmedFemto: 0n, creditFemto: null, isBlocked: false };
  }
}
