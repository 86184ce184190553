// Reading the cases of public billing engines (OpenMeter, Lago) into our units. Their quantities have fractions and ours are whole, so
// a unit of theirs is a million of ours; prices are as exact.
import { formatExact, parseMoney } from '../../money/money.js';
import type { PriceTier } from '../charge/charge-part.js';

export interface OracleCase {
  readonly id: string;
  readonly group: string;
  readonly description: string;
  // The cases have no common shape; each reader knows its own.
  readonly input: Any;
  readonly expected: Any;
}

/** Parsed JSON of any shape. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Any = any;

const SCALE = 1_000_000n;

/** "5.001" → 5001000n. */
export function quantity(text: string | number): bigint {
  return parseMoney(String(text)) / 10n ** 9n;
}

/** 5001000n → "5.001". */
export function quantityText(units: bigint): string {
  return formatExact(units * 10n ** 9n);
}

/** A price of theirs per unit of ours. */
export function unitPrice(text: string | number | undefined): bigint {
  return parseMoney(String(text ?? '0')) / SCALE;
}

export function money(text: string | number | null | undefined): bigint {
  return parseMoney(String(text ?? '0'));
}

export const exact = formatExact;

interface Step {
  readonly up_to?: string | null;
  readonly to?: string | null;
  readonly unit?: string;
  readonly rate?: string;
  readonly flat?: string;
}

/** Tiers by upper bound, or ranges of which only the upper end counts; a rate is a percentage of each unit. */
export function tiersOf(steps: readonly Step[]): PriceTier[] {
  return steps.map(({ up_to: upTo, to, unit, rate, flat }) => {
    const bound = upTo ?? to;
    const price = rate === undefined ? unitPrice(unit) : unitPrice(rate) / 100n;
    return {
      upTo: bound == null ? null : quantity(bound),
      femtoPerUnit: price,
      flatFemto: money(flat),
    };
  });
}
