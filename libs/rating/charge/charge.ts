// A price as the catalog publishes it: one of the charge models, with the free units that come before it.
import type { ChargePart, PriceTier } from './charge-part.js';
import { flatParts, flatTotal } from './flat.js';
import { withoutAllowance } from './free-allowance.js';
import { graduatedParts, graduatedTotal } from './graduated.js';
import type { PackagePrice } from './package.js';
import { packageParts, packagesOf, packageTotal } from './package.js';
import { perUnitParts } from './per-unit.js';
import { volumeParts, volumeTotal } from './volume.js';

/** Money is femto-currency-units; quantities are units of the pool, counted over the calendar month. */
export type Charge = {
  /** The month's first units that cost nothing; 0 for none. */
  readonly freeUnits: bigint;
} & (
  | { readonly model: 'per_unit'; readonly femtoPerUnit: bigint }
  | { readonly model: 'graduated'; readonly tiers: readonly PriceTier[] }
  | { readonly model: 'volume'; readonly tiers: readonly PriceTier[] }
  | ({ readonly model: 'package' } & PackagePrice)
  | { readonly model: 'flat'; readonly flatFemto: bigint }
);

/** A price per unit and nothing else: 50000000n for 0.05 USD per million. */
export function perUnit(femtoPerUnit: bigint): Charge {
  return { model: 'per_unit', femtoPerUnit, freeUnits: 0n };
}

/** A share of a month: its units, those of the month before it, and all of the month's. */
export interface MonthShare {
  readonly before: bigint;
  readonly units: bigint;
  readonly total: bigint;
  /** Whether no share with units comes after it. */
  readonly isLast: boolean;
}

/** The parts of a share; units sum to the share's, and the amounts of all shares under one charge to `chargeTotal`. */
export function chargeParts(charge: Charge, share: MonthShare): ChargePart[] {
  const { free, before, units } = withoutAllowance(charge.freeUnits, share.before, share.units);
  if (free === share.units && free !== 0n) return [freePart(free)];
  const total = withoutAllowance(charge.freeUnits, 0n, share.total).units;
  const parts = billableParts(charge, { ...share, before, units, total });
  return free === 0n ? parts : [freePart(free), ...parts];
}

/** What a month's quantity costs; nothing for 0 units of a model with an allowance or without flats. */
export function chargeTotal(charge: Charge, quantity: bigint): bigint {
  const { units } = withoutAllowance(charge.freeUnits, 0n, quantity);
  if (charge.freeUnits > 0n && units === 0n) return 0n;
  switch (charge.model) {
    case 'per_unit':
      return units * charge.femtoPerUnit;
    case 'graduated':
      return graduatedTotal(charge.tiers, units);
    case 'volume':
      return volumeTotal(charge.tiers, units);
    case 'package':
      return packageTotal(charge, units);
    case 'flat':
      return flatTotal(charge.flatFemto, units);
    default:
      return noModel(charge);
  }
}

/**
 * The most that so many more units can add to a month, wherever the month stands: what a reservation holds. 10 units at
 * [≤5: 10, above: 4 and a flat of 7] hold 107. Allowances count as used up.
 */
export function worstCaseFemto(charge: Charge, units: bigint): bigint {
  switch (charge.model) {
    case 'per_unit':
      return units * charge.femtoPerUnit;
    case 'package':
      return packagesOf(charge.size, units) * charge.femtoPerPackage;
    case 'flat':
      return units === 0n ? 0n : charge.flatFemto;
    case 'graduated':
      return units === 0n ? 0n : units * dearest(charge.tiers) + sumOfFlats(charge.tiers);
    case 'volume':
      return units === 0n ? 0n : units * dearest(charge.tiers) + jumpsOf(charge.tiers);
    default:
      return noModel(charge);
  }
}

/** The dearest price of one unit, null for models that price none (packages, flat). */
export function dearestPerUnit(charge: Charge): bigint | null {
  if (charge.model === 'per_unit') return charge.femtoPerUnit;
  return 'tiers' in charge ? dearest(charge.tiers) : null;
}

function billableParts(charge: Charge, share: MonthShare): ChargePart[] {
  switch (charge.model) {
    case 'per_unit':
      return perUnitParts(charge.femtoPerUnit, share.units);
    case 'graduated':
      return graduatedParts(charge.tiers, share.before, share.units);
    case 'volume':
      return volumeParts(charge.tiers, share);
    case 'package':
      return packageParts(charge, share.before, share.units);
    case 'flat':
      return flatParts(charge.flatFemto, share.before, share.units);
    default:
      return noModel(charge);
  }
}

function freePart(units: bigint): ChargePart {
  return { part: 'free', units, femtoPerUnit: 0n, amountFemto: 0n };
}

function dearest(tiers: readonly PriceTier[]): bigint {
  return tiers.reduce((most, tier) => (tier.femtoPerUnit > most ? tier.femtoPerUnit : most), 0n);
}

function sumOfFlats(tiers: readonly PriceTier[]): bigint {
  return tiers.reduce((sum, { flatFemto }) => sum + flatFemto, 0n);
}

// Reaching a volume tier prices the whole month anew: what that adds at each bound, where it adds, and the first tier's flat.
function jumpsOf(tiers: readonly PriceTier[]): bigint {
  const first = tiers[0]?.flatFemto ?? 0n;
  return tiers.reduce((sum, { upTo }, index) => {
    const next = tiers[index + 1];
    if (upTo === null || !next) return sum;
    const jump = next.flatFemto + upTo * next.femtoPerUnit - volumeTotal(tiers, upTo);
    return jump > 0n ? sum + jump : sum;
  }, first);
}

function noModel(charge: never): never {
  throw new TypeError(`no charge model: ${(charge as Charge).model}`);
}
