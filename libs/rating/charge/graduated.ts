// Graduated prices: each unit costs the price of the tier that it falls in itself. Bounds are inclusive.
import type { ChargePart, PriceTier } from './charge-part.js';
import { flatPart, negatedParts, unitPart } from './charge-part.js';

/**
 * What a whole quantity costs: at [≤5: 10, above: 4] 7 units cost 58. The first tier's flat is due at 0, a later one's when its
 * first unit is used. Below 0 units are taken back at the first tier's price.
 */
export function graduatedTotal(tiers: readonly PriceTier[], quantity: bigint): bigint {
  let total = 0n;
  for (const { tier, from, to } of bandsOf(tiers)) {
    if (from !== null && quantity <= from) break;
    const upper = to === null || quantity < to ? quantity : to;
    total += tier.flatFemto + (upper - (from ?? 0n)) * tier.femtoPerUnit;
  }
  return total;
}

/**
 * The parts of the units from `before` to `before + units`, tier by tier: 10 units after 12 at [≤15: 5, above: 1] are 3 at 5 and
 * 7 at 1. With `before` 0 nothing was charged yet, so the first tier's flat is among them; a negative number of units
 * takes the parts that it walks back over. Any split of a quantity gives parts of the same sum.
 */
export function graduatedParts(
  tiers: readonly PriceTier[],
  before: bigint,
  units: bigint,
): ChargePart[] {
  if (units < 0n) return negatedParts(graduatedParts(tiers, before + units, -units));
  const after = before + units;
  return bandsOf(tiers).flatMap(({ tier, from, to, name }) => {
    const low = from === null || before > from ? before : from;
    const high = to === null || after < to ? after : to;
    const isEntered = from === null ? before <= 0n && after >= 0n : before <= from && after > from;
    return [
      ...flatPart(`${name} flat`, isEntered ? tier.flatFemto : 0n),
      ...unitPart(name, high > low ? high - low : 0n, tier.femtoPerUnit),
    ];
  });
}

interface Band {
  readonly tier: PriceTier;
  /** Exclusive; null below the first tier, whose price also takes back what falls under 0. */
  readonly from: bigint | null;
  readonly to: bigint | null;
  readonly name: string;
}

function bandsOf(tiers: readonly PriceTier[]): Band[] {
  return tiers.map((tier, index) => ({
    tier,
    from: tiers[index - 1]?.upTo ?? null,
    to: tier.upTo,
    name: `tier ${index + 1}`,
  }));
}
