import type { ChargePart } from './charge-part.js';
import { unitPart } from './charge-part.js';

/** Every unit costs the same: 10 units at 100 cost 1000; none cost nothing and make no part. */
export function perUnitParts(femtoPerUnit: bigint, units: bigint): ChargePart[] {
  return unitPart('', units, femtoPerUnit);
}
