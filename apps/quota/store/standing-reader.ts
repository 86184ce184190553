// Standings as they are, for whoever shows them: no lock, one snapshot per question.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Buckets } from '../domain/bucket-uses.js';
import type { SpendStanding } from '../domain/standing.js';
import type { PageLoader } from './page-loader.js';
import type { Page } from './page.js';
import { standingNow } from './standing-now.js';
import { type AdmissionRow, type BucketRow, bucketsOf } from './admission-rows.js';

/** What one scope holds now; `credit` is what credits were left when the month began. */
export interface HeldMoney {
  readonly heldFemto: bigint;
  readonly unconfirmedFemto: bigint;
  readonly creditFemto: bigint | null;
  readonly isBlocked: boolean;
}

export class StandingReader {
  constructor(
    private readonly source: DataSource,
    private readonly loader: PageLoader,
  ) {}

  /** Buckets of the organization by model, holds included; models that were never reserved are absent. */
  async buckets(organization: string, now: number): Promise<Map<string, Buckets>> {
    return this.snapshot(async (view) => {
      const page = await standingNow(view, this.loader, organization, now);
      if (page)
        return new Map(
          [...page.standing.models]
            .filter(([key]) => key.startsWith('\0'))
            .map(([key, { buckets }]) => [key.slice(1), buckets]),
        );
      const found = await rows<BucketRow>(
        view,
        `SELECT b.* FROM admission_bucket b JOIN fold_generation USING (generation)
         WHERE organization = $1 AND project = '' ORDER BY model`,
        [organization],
      );
      return new Map(found.map(({ model, buckets }) => [model, bucketsOf(buckets)]));
    });
  }

  /** What each scope holds, WHOLE and projects; `month` is the start of the month that is shown. */
  async money(
    organization: string,
    { month, now }: { readonly month: number; readonly now: number },
    view: EntityManager,
  ): Promise<Map<string, HeldMoney>> {
    const page = await standingNow(view, this.loader, organization, now);
    if (page) return new Map([...page.standing.spend].map(([p, s]) => [p, heldOn(page, p, s)]));
    const found = await rows<AdmissionRow>(
      view,
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

function heldOn(page: Page, project: string, spend: SpendStanding): HeldMoney {
  return {
    heldFemto: spend.heldFemto,
    unconfirmedFemto: spend.unconfirmedFemto,
    creditFemto: page.standing.creditFemto ?? null,
    isBlocked: page.blocked.get(project) != null,
  };
}
