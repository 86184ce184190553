// Percentages and caps. Percentages are exact fractions: "12.5" is 125 of 1000.

const PERCENT = /^(\d{1,3})(?:\.(\d{1,6}))?$/;

/** A percentage in millionths of a percent: "12.5" → 12500000n. Throws RangeError on anything but 0 to 100 with at most 6 places. */
export function parsePercent(text: string): bigint {
  const match = PERCENT.exec(text);
  const value = match ? BigInt(`${match[1]}${(match[2] ?? '').padEnd(6, '0')}`) : -1n;
  if (value < 0n || value > 100_000_000n)
    throw new RangeError(`"${text}" is not a percentage from 0 to 100 with at most 6 places`);
  return value;
}

/** A share of an amount in millionths of a percent, to the femto-unit towards zero: 12.5 % of 1000 is 125. */
export function percentOf(amountFemto: bigint, percentMillionths: bigint): bigint {
  return (amountFemto * percentMillionths) / 100_000_000n;
}

/** What a cap takes off an amount that comes after `before`: 50 after 70 under a cap of 100 is 20 off. Never more than the amount. */
export function capDiscount(capFemto: bigint, before: bigint, amountFemto: bigint): bigint {
  const above = (total: bigint): bigint => (total > capFemto ? total - capFemto : 0n);
  return above(before + amountFemto) - above(before);
}
