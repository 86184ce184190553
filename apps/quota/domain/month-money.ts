// The month's money of an organization and of its projects out of its usage hours: the same rating as the invoice's.
import { monthCuts } from '#libs/rating/month-cuts.js';
import { priceAt, type Terms } from '#libs/rating/price-book.js';
import { rateMonth, type UsageRow } from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';
import { WHOLE } from './standing.js';

export type ProjectRow = UsageRow & { readonly project: string | null };

/** Spend of the organization (WHOLE) and of each project with usage; a project's is its own usage rated alone. */
export function monthMoney(
  terms: Terms,
  period: Period,
  rows: readonly ProjectRow[],
): Map<string, bigint> {
  const money = new Map([[WHOLE, rateMonth({ terms, period, rows }).spentFemto]]);
  for (const [project, own] of Map.groupBy(rows, (row) => row.project))
    if (project !== null) money.set(project, rateMonth({ terms, period, rows: own }).spentFemto);
  return money;
}

/**
 * What more rows add to a month's spend, whatever the month holds; undefined when that depends on what it holds (tiers, packages,
 * allowances, discounts, caps): the month must be rated again.
 */
export function addedMoney(
  terms: Terms,
  period: Period,
  rows: readonly ProjectRow[],
): Map<string, bigint> | undefined {
  return canBeAdded(terms, period, rows) ? monthMoney(terms, period, rows) : undefined;
}

/** Whether more rows add the same to a month's spend whatever the month holds. */
export function canBeAdded(terms: Terms, period: Period, rows: readonly ProjectRow[]): boolean {
  const { starts, discount, maximumFemto } = monthCuts(terms, period);
  if (maximumFemto !== null || discount.some((share) => share !== 0n)) return false;
  for (const row of rows) {
    if (row.quantity === 'requests') continue;
    const key = { ...row, quantity: row.quantity };
    // Tiers that begin later in the month count the units from before them too.
    for (const at of starts) {
      const charge = priceAt(terms, key, at)?.charge;
      if (charge && (charge.model !== 'per_unit' || charge.freeUnits !== 0n)) return false;
    }
  }
  return true;
}
