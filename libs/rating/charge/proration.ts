// Shares of an amount by time: exact ratios of half-open durations in milliseconds. UTC has no summer time, so a day is always a day.

export interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** How much of `whole` lies in `part`, in lowest terms of milliseconds: 12 of 30 days are {2n, 5n}. No overlap is 0 of 1. */
export function ratioOf(part: Span, whole: Span): { numerator: bigint; denominator: bigint } {
  const length = BigInt(whole.to - whole.from);
  if (length <= 0n) throw new RangeError(`a period from ${whole.from} to ${whole.to} is empty`);
  const overlap = Math.min(part.to, whole.to) - Math.max(part.from, whole.from);
  const numerator = BigInt(Math.max(0, overlap));
  const divisor = greatestDivisor(numerator, length);
  return { numerator: numerator / divisor, denominator: length / divisor };
}

/**
 * The share of an amount: 12 of 30 days of 20.00 are 8.00. Cut at running totals from the start of the whole, so that the shares of
 * spans that tile it sum to the amount without a femto's loss.
 */
export function prorate(amountFemto: bigint, part: Span, whole: Span): bigint {
  const until = (at: number): bigint => {
    const { numerator, denominator } = ratioOf({ from: whole.from, to: at }, whole);
    return (amountFemto * numerator) / denominator;
  };
  return part.to <= part.from ? 0n : until(part.to) - until(part.from);
}

function greatestDivisor(left: bigint, right: bigint): bigint {
  return right === 0n ? left || 1n : greatestDivisor(right, left % right);
}
