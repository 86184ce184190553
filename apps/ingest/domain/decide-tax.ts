// The tax rates of an organization. They decide no price, so they may be dated back: what was issued stays as it was.
import type { Account } from '#libs/events/account.js';
import type { AccountFact } from '#libs/events/account-facts.js';
import { taxesAt, type TaxRate } from '#libs/events/taxes.js';
import { parsePercent } from '#libs/rating/charge/discount.js';
import { decided, type Decided, type Fault } from './fault.js';

export interface AskedTax {
  readonly rates: readonly TaxRate[];
  readonly effectiveFrom: number | undefined;
}

/**
 * The fact of a PUT, null when these very rates are in force already and stay. Faults: `invalid_percent`, `repeated_rate`, and
 * `mixed_behavior`: a price that contains one tax and takes another on top is no price that one can quote.
 */
export function decideTax(
  now: number,
  account: Account,
  { rates, effectiveFrom }: AskedTax,
): Decided<(AccountFact & { type: 'TaxSet' }) | null> {
  const faults = rates.flatMap((rate, index) => [
    percentFault(rate, index),
    repeatedFault(rates, index),
  ]);
  if (isKnown(account, rates, effectiveFrom ?? now)) return decided(null, faults);
  return decided(
    {
      type: 'TaxSet',
      version: 1,
      recordedAt: now,
      organization: account.id,
      rates,
      effectiveFrom: effectiveFrom ?? now,
    },
    [...faults, behaviorFault(rates)],
  );
}

// What is planned for later would be replaced, so saying the same again is something then.
function isKnown({ taxes }: Account, rates: readonly TaxRate[], from: number): boolean {
  const isLast = (taxes?.at(-1)?.from ?? -Infinity) <= from;
  return isLast && sameText(taxesAt(taxes, from)) === sameText(rates);
}

// Rows of the database order an object's fields as they like.
function sameText(rates: readonly TaxRate[]): string {
  const told = rates.map(({ name, percent, jurisdiction, behavior, exemption }) => {
    return [name, percent, jurisdiction, behavior, exemption?.kind, exemption?.reason];
  });
  return JSON.stringify(told);
}

function percentFault({ percent }: TaxRate, index: number): Fault | undefined {
  try {
    parsePercent(percent);
    return undefined;
  } catch (error) {
    const detail = (error as Error).message;
    return { pointer: `/rates/${index}/percent`, code: 'invalid_percent', detail };
  }
}

function repeatedFault(rates: readonly TaxRate[], index: number): Fault | undefined {
  const one = rates[index] as TaxRate;
  const first = rates.findIndex((rate) => nameOf(rate) === nameOf(one));
  if (first === index) return undefined;
  const detail = `${one.name} of ${one.jurisdiction} is said already at /rates/${first}`;
  return { pointer: `/rates/${index}`, code: 'repeated_rate', detail };
}

function nameOf({ name, jurisdiction }: TaxRate): string {
  return `${name}\0${jurisdiction}`;
}

function behaviorFault(rates: readonly TaxRate[]): Fault | undefined {
  const other = rates.findIndex(({ behavior }) => behavior !== rates[0]?.behavior);
  if (other < 0) return undefined;
  const detail = 'all rates of an organization are inclusive, or all are exclusive';
  return { pointer: `/rates/${other}/behavior`, code: 'mixed_behavior', detail };
}
