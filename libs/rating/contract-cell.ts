// Conditions for all usage as a catalog document writes them.
import type { WrittenContract } from '../events/written-terms.js';
import { formatExact } from '../money/money.js';
import type { Contract } from './catalog.js';

/** The inverse of `contractOf`: what is not said is absent, what is lifted is null; 12500000n is "12.5" per cent. */
export function contractCell({ discount, minimumFemto, maximumFemto }: Contract): WrittenContract {
  // A percentage is kept in millionths, money in 10^-15: nine digits apart.
  const percent = discount == null ? discount : formatExact(discount * 10n ** 9n);
  const minimum = minimumFemto == null ? minimumFemto : formatExact(minimumFemto);
  const maximum = maximumFemto == null ? maximumFemto : formatExact(maximumFemto);
  return {
    ...(percent === undefined ? {} : { discount_percent: percent }),
    ...(minimum === undefined ? {} : { minimum_commitment: minimum }),
    ...(maximum === undefined ? {} : { maximum_charge: maximum }),
  };
}
