// What a month would have cost under a draft catalog: the same usage through the same `rateMonth`, once under the terms that held and
// once under the draft for all of the month. The organization's own prices and conditions stay as they are.
import type { Account } from '#libs/events/account.js';
import type { Catalog } from '#libs/rating/catalog.js';
import {
  rateMonth,
  type RatedMonth,
  type Unpriced,
  type UsageRow,
} from '#libs/rating/rate-month.js';
import type { Period } from '#libs/time/month.js';

export interface WhatIfInput {
  readonly account: Account;
  /** The published versions, in order of `effectiveFrom`. */
  readonly catalogs: readonly Catalog[];
  readonly draft: Catalog;
  readonly period: Period;
  readonly rows: readonly UsageRow[];
}

/** `winner` pays less. `incomplete`: the draft has no price for usage that has one now, so that `after` says too little. */
export type Outcome = 'winner' | 'loser' | 'unchanged' | 'incomplete';

export interface WhatIf {
  readonly outcome: Outcome;
  /** Usage net of what is free and of discounts, fees and commitments: the subtotal of an invoice without late usage. */
  readonly beforeFemto: bigint;
  readonly afterFemto: bigint;
  /** What the draft has no price for and the published catalogs have: `llama input, on_demand`. */
  readonly missing: readonly string[];
}

/** Reprices one organization's month. Throws RangeError when rows are of another month. */
export function whatIf({ account, catalogs, draft, period, rows }: WhatIfInput): WhatIf {
  const before = rateMonth({ terms: { account, catalogs }, period, rows });
  const after = rateMonth({ terms: { account, catalogs: [draft] }, period, rows });
  const unpriced = new Set(before.unpriced.map(nameOf));
  const missing = [...new Set(after.unpriced.map(nameOf))].filter((name) => !unpriced.has(name));
  const [beforeFemto, afterFemto] = [worthOf(before), worthOf(after)];
  const outcome = missing.length > 0 ? 'incomplete' : outcomeOf(afterFemto - beforeFemto);
  return { outcome, beforeFemto, afterFemto, missing };
}

function worthOf({ spentFemto, feesFemto, commitmentFemto }: RatedMonth): bigint {
  return spentFemto + feesFemto + commitmentFemto;
}

function outcomeOf(difference: bigint): Outcome {
  if (difference === 0n) return 'unchanged';
  return difference < 0n ? 'winner' : 'loser';
}

function nameOf({ model, quantity, serviceTier, adapter }: Unpriced): string {
  return `${model} ${quantity}, ${serviceTier}${adapter === null ? '' : `, adapter ${adapter}`}`;
}
