// Amounts of money as callers write them: plain decimal strings in currency units.
import { parseMoney } from '#libs/money/money.js';
import type { Fault } from './fault.js';

export interface AmountRule {
  readonly pointer: string;
  readonly zero: boolean;
  /** Decimal places that are taken: 2 where the amount is put on an invoice. */
  readonly places: number;
}

/** `invalid_amount` for anything but a plain decimal in the rule's bounds: "-1", "1e3", "1,00" and " 1" are refused. */
export function amountFault(text: string, rule: AmountRule): Fault | undefined {
  const femto = parsed(text);
  const places = text.split('.')[1]?.length ?? 0;
  const fault = (detail: string): Fault => ({
    pointer: rule.pointer,
    code: 'invalid_amount',
    detail,
  });
  if (femto === undefined || places > rule.places)
    return fault(`"${text}" is not a decimal with at most ${rule.places} places`);
  if (femto < 0n) return fault(`${text} is negative`);
  if (femto === 0n && !rule.zero) return fault('the amount must be above zero');
  return undefined;
}

function parsed(text: string): bigint | undefined {
  try {
    return parseMoney(text);
  } catch {
    return undefined;
  }
}
