// A free allowance: the month's first units are on the house, whatever the model that prices the others.

export interface Billable {
  /** Units of this share within the allowance. */
  readonly free: bigint;
  /** Where the billable units begin: units billed before. */
  readonly before: bigint;
  readonly units: bigint;
}

/** 110 free units over shares of 50, 75 and 30: billable are 0, then 15, then 30. */
export function withoutAllowance(freeUnits: bigint, before: bigint, units: bigint): Billable {
  if (freeUnits === 0n) return { free: 0n, before, units };
  const billedUntil = (quantity: bigint): bigint =>
    quantity > freeUnits ? quantity - freeUnits : 0n;
  const from = billedUntil(before);
  const billable = billedUntil(before + units) - from;
  return { free: units - billable, before: from, units: billable };
}
