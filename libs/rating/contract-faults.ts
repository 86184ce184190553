// What is wrong with conditions for all usage, as a tier of a catalog document or an override writes them.
import type { WrittenContract } from '../events/written-terms.js';
import { contractOf } from './catalog-compile.js';
import { parsePercent } from './charge/discount.js';
import type { PriceFault } from './price-faults.js';
import { decimalFault } from './price-faults.js';

const AMOUNT = /^\d{1,12}(\.\d{1,9})?$/;

/**
 * The faults of conditions at a pointer: `invalid_percent`, `invalid_amount` or `negative_price` for a value that is none,
 * `invalid_commitment` for a minimum above the maximum. null lifts a condition and is never a fault.
 */
export function contractFaults(pointer: string, terms: WrittenContract): PriceFault[] {
  const faults = [
    ...percentFaults(`${pointer}/discount_percent`, terms.discount_percent),
    ...amountFaults(`${pointer}/minimum_commitment`, terms.minimum_commitment),
    ...amountFaults(`${pointer}/maximum_charge`, terms.maximum_charge),
  ];
  if (faults.length > 0) return faults;
  const { minimumFemto, maximumFemto } = contractOf(terms);
  if (minimumFemto == null || maximumFemto == null || minimumFemto <= maximumFemto) return [];
  const { minimum_commitment: minimum, maximum_charge: maximum } = terms;
  return [
    {
      pointer: `${pointer}/minimum_commitment`,
      code: 'invalid_commitment',
      detail: `${minimum} is more than the maximum_charge of ${maximum}`,
    },
  ];
}

function percentFaults(pointer: string, value: unknown): PriceFault[] {
  if (value == null) return [];
  try {
    if (typeof value === 'string') parsePercent(value);
    if (typeof value === 'string') return [];
  } catch {
    // What is wrong is said below.
  }
  const detail = `${JSON.stringify(value)} is not a percentage as text, from "0" to "100", with at most 6 places`;
  return [{ pointer, code: 'invalid_percent', detail }];
}

function amountFaults(pointer: string, value: unknown): PriceFault[] {
  if (value == null || (typeof value === 'string' && AMOUNT.test(value))) return [];
  return [decimalFault(pointer, value, 'invalid_amount')];
}
