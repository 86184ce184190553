// Packages: started ones are charged whole.
import type { ChargePart } from './charge-part.js';

export interface PackagePrice {
  /** Units in a package, at least 1. */
  readonly size: bigint;
  readonly femtoPerPackage: bigint;
}

/** Packages that a quantity starts: 0 start none, 1 to 10 of 10 start one, 11 start two; below 0 there are none. */
export function packagesOf(size: bigint, quantity: bigint): bigint {
  return quantity <= 0n ? 0n : (quantity + size - 1n) / size;
}

/** What a whole quantity costs: 121 units in packages of 10 at 100 cost 1300. */
export function packageTotal(price: PackagePrice, quantity: bigint): bigint {
  return packagesOf(price.size, quantity) * price.femtoPerPackage;
}

/** Units from `before` to `before + units`: only packages newly opened cost, 5 after 17 of 10 open one; going back closes them. */
export function packageParts(price: PackagePrice, before: bigint, units: bigint): ChargePart[] {
  if (units === 0n) return [];
  const amountFemto = packageTotal(price, before + units) - packageTotal(price, before);
  return [{ part: `packages of ${price.size}`, units, femtoPerUnit: null, amountFemto }];
}
