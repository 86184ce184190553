/**
 * Splits a whole number by weights, by largest remainder, so that the shares sum to it: 5 by [1, 1, 1] is [2, 2, 1]. Ties go to the
 * earlier weight. Weights are not negative and not all 0, else a RangeError; a negative total is split as its opposite is.
 */
export function shareOut(total: bigint, weights: readonly bigint[]): bigint[] {
  if (total < 0n) return shareOut(-total, weights).map((share) => -share);
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (sum <= 0n || weights.some((weight) => weight < 0n))
    throw new RangeError(`cannot split by the weights ${weights.join(', ')}`);
  const shares = weights.map((weight) => (total * weight) / sum);
  const missing = total - shares.reduce((all, share) => all + share, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % sum }))
    .toSorted((left, right) => {
      if (left.remainder !== right.remainder) return left.remainder > right.remainder ? -1 : 1;
      return left.index - right.index;
    });
  for (const { index } of byRemainder.slice(0, Number(missing)))
    shares[index] = (shares[index] as bigint) + 1n;
  return shares;
}
