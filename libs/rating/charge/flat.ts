import type { ChargePart } from './charge-part.js';
import { flatPart } from './charge-part.js';

/** One amount for a month's use, however much: due with the first unit, 0 for the units after it; a month without use owes nothing. */
export function flatParts(flatFemto: bigint, before: bigint, units: bigint): ChargePart[] {
  const owed = flatTotal(flatFemto, before + units) - flatTotal(flatFemto, before);
  const included = units === 0n ? [] : [includedPart(units)];
  return [...flatPart('flat', owed), ...included];
}

/** 0 without use, else the amount. */
export function flatTotal(flatFemto: bigint, quantity: bigint): bigint {
  return quantity > 0n ? flatFemto : 0n;
}

function includedPart(units: bigint): ChargePart {
  return { part: 'included', units, femtoPerUnit: 0n, amountFemto: 0n };
}
