// Exact fractions of whole numbers, and their one rounding.

/** `of` / `over`; `over` is above 0. */
export interface Fraction {
  readonly of: bigint;
  readonly over: bigint;
}

/** Half to even: 5/2 is 2, 7/2 is 4, −5/2 is −2. */
export function roundFraction({ of, over }: Fraction): bigint {
  const floor = floorOf({ of, over });
  const twice = 2n * (of - floor * over);
  return twice > over || (twice === over && floor % 2n !== 0n) ? floor + 1n : floor;
}

/**
 * Rounds the sum of fractions with the same `over` once, and gives it to them by largest remainder, ties to the earlier one, so that
 * the shares sum to it and each is off by less than 1. null takes no part.
 */
export function shareFractions(
  fractions: readonly (Fraction | null)[],
  over: bigint,
): { readonly total: bigint; readonly shares: readonly (bigint | null)[] } {
  const total = roundFraction({
    of: fractions.reduce((sum, one) => sum + (one?.of ?? 0n), 0n),
    over,
  });
  const shares = fractions.map((one) => one && floorOf(one));
  const missing = total - shares.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n);
  const remainders = fractions.flatMap((one, index) =>
    one ? [{ index, remainder: one.of - (shares[index] as bigint) * over }] : [],
  );
  const first = remainders
    .toSorted((left, right) =>
      left.remainder === right.remainder
        ? left.index - right.index
        : left.remainder > right.remainder
          ? -1
          : 1,
    )
    .slice(0, Number(missing));
  for (const { index } of first) shares[index] = (shares[index] as bigint) + 1n;
  return { total, shares };
}

// bigint division truncates; −1 / 2 must be −1 remainder 1 for remainders to be comparable.
function floorOf({ of, over }: Fraction): bigint {
  const quotient = of / over;
  return of < 0n && quotient * over !== of ? quotient - 1n : quotient;
}
