// What rating makes of a month's usage: the shapes that invoices, quota and simulations read.
import type { Quantity, ServiceTier } from '../events/quantities.js';
import type { FeeLine } from './fees.js';

/** Usage of one kind under one price row, over the unbroken time that the row was in force within the period. */
export interface RatedLine {
  readonly model: string;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly quantity: Quantity;
  /** Half-open; ends at the period and where the row changes, not where usage does. */
  readonly from: number;
  readonly to: number;
  /** '' for a price per unit; else which part of the row's charge: `free`, `tier 2`, `tier 2 flat`, `packages of 1000`. */
  readonly part: string;
  /** The input length above which the row's price holds, in tokens; 0: any. */
  readonly aboveContext: number;
  readonly units: bigint;
  /** null where the amount is no multiple of the units: packages and flat amounts. */
  readonly femtoPerUnit: bigint | null;
  /** At list: units × price where there is one. */
  readonly amountFemto: bigint;
  /** The part of the amount that was used on a free tier. */
  readonly freeFemto: bigint;
  /** The part of the amount that a percentage or a cap takes off. */
  readonly discountFemto: bigint;
  readonly catalogVersion: string;
  readonly overrideId: string | null;
  /** Events and digest are those of the row, and stand on the first of its parts with units: the others share them, and carry 0. */
  readonly events: bigint;
  readonly digestA: bigint;
  readonly digestB: bigint;
}

/** Usage for which no price row was in force, over that unbroken time: it blocks the period's close. */
export interface Unpriced {
  readonly model: string;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly quantity: Quantity;
  readonly from: number;
  readonly to: number;
  readonly units: bigint;
  readonly events: bigint;
}

/** What is owed beside usage so that the month's minimum is reached; like a fee, it is no spend. */
export interface CommitmentLine {
  readonly tier: string;
  readonly catalogVersion: string;
  /** From the first time that a minimum holds to the end of the last. */
  readonly from: number;
  readonly to: number;
  /** The shares of the minimum for the times in which one holds: all of it when it holds all month. */
  readonly minimumFemto: bigint;
  /** Of the usage of those times. */
  readonly spentFemto: bigint;
  /** minimum − spent, above 0. */
  readonly amountFemto: bigint;
}

export interface RatedMonth {
  /** By model, service tier, adapter, quantity, then time, input length and part. */
  readonly lines: readonly RatedLine[];
  /** Monthly fees; they are on the invoice and are no spend: a spend limit is for usage. */
  readonly fees: readonly FeeLine[];
  readonly commitments: readonly CommitmentLine[];
  readonly unpriced: readonly Unpriced[];
  readonly listFemto: bigint;
  readonly freeFemto: bigint;
  readonly discountFemto: bigint;
  /** list − free − discount: what usage costs. */
  readonly spentFemto: bigint;
  readonly feesFemto: bigint;
  readonly commitmentFemto: bigint;
}
