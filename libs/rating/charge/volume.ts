// Volume prices: the whole quantity of the month costs the price of the tier that the total reaches. Bounds are inclusive.
import type { ChargePart, PriceTier } from './charge-part.js';
import { flatPart, unitPart } from './charge-part.js';

/** Index of the tier that a total falls in: 5 at [≤5, ≤10, open] is 0, 6 is 1; a total above 0 and under 1 is above 0. */
export function volumeTierOf(tiers: readonly PriceTier[], total: bigint): number {
  const index = tiers.findIndex(({ upTo }) => upTo === null || total <= upTo);
  return index < 0 ? tiers.length - 1 : index;
}

/** Every unit costs the price of the tier that the total falls in: 11 units at [≤10: 5, above: 4] cost 44. */
export function volumeTotal(tiers: readonly PriceTier[], total: bigint): bigint {
  const tier = tiers[volumeTierOf(tiers, total)];
  return tier ? tier.flatFemto + total * tier.femtoPerUnit : 0n;
}

export interface VolumeShare {
  /** The month's whole quantity: it decides the tier. */
  readonly total: bigint;
  /** The units of this share of the month. */
  readonly units: bigint;
  /** Whether this is the month's last share with usage: the tier's flat is on it, once. */
  readonly isLast: boolean;
}

/** The parts of one share of a month; those of all shares under one price sum to `volumeTotal`. */
export function volumeParts(tiers: readonly PriceTier[], share: VolumeShare): ChargePart[] {
  const index = volumeTierOf(tiers, share.total);
  const tier = tiers[index];
  if (!tier) return [];
  const name = `tier ${index + 1}`;
  return [
    ...flatPart(`${name} flat`, share.isLast ? tier.flatFemto : 0n),
    ...unitPart(name, share.units, tier.femtoPerUnit),
  ];
}
