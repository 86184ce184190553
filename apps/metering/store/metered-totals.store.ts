// What metering counted of an organization's month, for reconciliation; metering prices nothing.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { PositionStore } from '#libs/projection/position-store.js';
import type { Period } from '#libs/time/month.js';
import type { ReaderTotals } from '#libs/rating/reader-totals.js';
import { UsageTotals } from '#libs/usage/usage-totals.controller.js';
import { countsOf, SUMS } from './usage-query.store.js';

const TOTALS = `SELECT ${SUMS},
    coalesce(sum(digest_a), 0) % 18446744073709551616 AS digest_a,
    coalesce(sum(digest_b), 0) % 18446744073709551616 AS digest_b
  FROM usage_hour WHERE organization = $1 AND hour >= $2 AND hour < $3`;

export class MeteredTotals extends UsageTotals {
  constructor(
    private readonly source: DataSource,
    private readonly positions: PositionStore,
  ) {
    super();
  }

  override async read(organization: string, period: Period): Promise<ReaderTotals> {
    return this.source.transaction('REPEATABLE READ', async (tx) => {
      await tx.query('SET TRANSACTION READ ONLY');
      const range = [organization, new Date(period.from), new Date(period.to)];
      const [row = {}] = await rows<Record<string, string>>(tx, TOTALS, range);
      return {
        ...countsOf(row),
        digest: [BigInt(row['digest_a'] ?? 0), BigInt(row['digest_b'] ?? 0)],
        spentFemto: null,
        positions: await this.positions.positionsIn(tx),
      };
    });
  }
}
