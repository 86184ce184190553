// What a charge model makes of a quantity: one or more parts, each of which is a line of its own on the invoice.

/** A step of graduated or volume prices: units up to and including `upTo`; the last step is open (null). */
export interface PriceTier {
  readonly upTo: bigint | null;
  readonly femtoPerUnit: bigint;
  /** Owed once when the tier is entered, beside its units. */
  readonly flatFemto: bigint;
}

export interface ChargePart {
  /** '' for a price per unit; else what tells the part from its neighbours: `tier 2`, `tier 2 flat`, `packages of 1000`. */
  readonly part: string;
  /** Units that the part charges for; the parts of a quantity sum to it. 0 for a flat amount. */
  readonly units: bigint;
  /** null where the amount is no multiple of the units: packages and flat amounts. */
  readonly femtoPerUnit: bigint | null;
  readonly amountFemto: bigint;
}

/** units × price, '' of them for no units. */
export function unitPart(part: string, units: bigint, femtoPerUnit: bigint): ChargePart[] {
  if (units === 0n) return [];
  return [{ part, units, femtoPerUnit, amountFemto: units * femtoPerUnit }];
}

/** A fixed amount; no part for 0. */
export function flatPart(part: string, amountFemto: bigint): ChargePart[] {
  if (amountFemto === 0n) return [];
  return [{ part, units: 0n, femtoPerUnit: null, amountFemto }];
}

/** Sum of the amounts. */
export function sumOfParts(parts: readonly ChargePart[]): bigint {
  return parts.reduce((sum, { amountFemto }) => sum + amountFemto, 0n);
}

/** The same parts taken back. */
export function negatedParts(parts: readonly ChargePart[]): ChargePart[] {
  return parts.map((part) => ({ ...part, units: -part.units, amountFemto: -part.amountFemto }));
}
