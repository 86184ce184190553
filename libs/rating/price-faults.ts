// What is wrong with a price as it is written, each fault with its place and the rule that it breaks.
import type { ValueError } from '@sinclair/typebox/value';
import { Value, ValueErrorType } from '@sinclair/typebox/value';
import { CONTEXT_BOUNDS } from './context-bounds.js';
import type { PriceCell, PriceForm, StepCell } from './price-cell-schema.js';
import { PRICE_FORMS } from './price-cell-schema.js';

export interface PriceFault {
  /** JSON pointer, beginning with the one of the cell. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

const FORMS = Object.keys(PRICE_FORMS) as PriceForm[];

/**
 * The faults of a cell at a pointer. Codes: invalid_price, negative_price, too_many_decimals, invalid_amount, invalid_units,
 * invalid_tiers, unknown_field, missing_field, unknown_context_bound.
 */
export function priceFaults(pointer: string, cell: unknown): PriceFault[] {
  if (typeof cell !== 'object' || cell === null || Array.isArray(cell))
    return isPrice(cell) ? [] : [decimalFault(pointer, cell, 'invalid_price')];
  const form = FORMS.find((name) => Object.hasOwn(cell, name));
  if (!form)
    return [{ pointer, code: 'invalid_price', detail: `a price has one of ${FORMS.join(', ')}` }];
  const byPointer = new Map<string, PriceFault>();
  for (const error of Value.Errors(PRICE_FORMS[form], cell)) {
    const fault = shapeFault(pointer, error);
    if (!byPointer.has(fault.pointer)) byPointer.set(fault.pointer, fault);
  }
  const faults = [...byPointer.values()];
  return faults.length > 0 ? faults : orderFaults(pointer, cell as Exclude<PriceCell, string>);
}

/** What is wrong with a decimal that should be a price (per million) or an amount. */
export function decimalFault(pointer: string, value: unknown, code: string): PriceFault {
  const text = typeof value === 'string' ? value : '';
  const quoted = JSON.stringify(value);
  if (/^-\d/.test(text) || (typeof value === 'number' && value < 0))
    return { pointer, code: 'negative_price', detail: `${quoted} is below zero` };
  if (/^\d+\.\d{10,}$/.test(text))
    return {
      pointer,
      code: 'too_many_decimals',
      detail: `${quoted} has more than 9 decimals and would not be exact`,
    };
  if (typeof value === 'number')
    return { pointer, code, detail: `${quoted} is a number: write the price as text, "${quoted}"` };
  const unit = code === 'invalid_price' ? 'currency units per million' : 'currency units';
  return { pointer, code, detail: `${quoted} is not a decimal number of ${unit}` };
}

function isPrice(cell: unknown): boolean {
  return Value.Check(PRICE_FORMS.price, { price: cell });
}

function shapeFault(root: string, { path, value, type, schema, message }: ValueError): PriceFault {
  const pointer = `${root}${path}`;
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  const code = (schema['code'] as string | undefined) ?? 'invalid_price';
  if (type === ValueErrorType.ObjectRequiredProperty)
    return { pointer, code: 'missing_field', detail: `${name} is required` };
  if (type === ValueErrorType.ObjectAdditionalProperties)
    return { pointer, code: 'unknown_field', detail: `"${name}" is not known here` };
  if (code === 'invalid_price' || code === 'invalid_amount')
    return decimalFault(pointer, value, code);
  const what = `${message}, not ${value === undefined ? 'nothing' : JSON.stringify(value)}`;
  return { pointer, code: code === 'unknown_field' ? 'invalid_price' : code, detail: what };
}

// What a schema cannot say: tiers ascend and end open, bounds ascend and are among those that usage is kept by.
function orderFaults(pointer: string, cell: Exclude<PriceCell, string>): PriceFault[] {
  if ('graduated' in cell) return stepFaults(`${pointer}/graduated`, cell.graduated);
  if ('volume' in cell) return stepFaults(`${pointer}/volume`, cell.volume);
  if (!('price' in cell) || !cell.above_context) return [];
  const at = `${pointer}/above_context`;
  if (cell.free_units)
    return [
      {
        pointer: at,
        code: 'invalid_tiers',
        detail: 'free_units and above_context exclude each other',
      },
    ];
  return cell.above_context.flatMap(({ tokens }, index, bounds) => {
    const place = `${at}/${index}/tokens`;
    if (!CONTEXT_BOUNDS.some((bound) => bound === tokens))
      return [
        {
          pointer: place,
          code: 'unknown_context_bound',
          detail: `usage is kept by input lengths above ${CONTEXT_BOUNDS.join(', ')}; ${tokens} is none of them`,
        },
      ];
    const before = bounds[index - 1]?.tokens ?? 0;
    return tokens > before ? [] : [notAscending(place, tokens, before)];
  });
}

function stepFaults(pointer: string, steps: readonly StepCell[]): PriceFault[] {
  return steps.flatMap(({ up_to: upTo }, index) => {
    const place = `${pointer}/${index}/up_to`;
    const isLast = index === steps.length - 1;
    if (isLast && upTo !== undefined)
      return [
        { pointer: place, code: 'invalid_tiers', detail: 'the last tier has no upper bound' },
      ];
    if (isLast) return [];
    if (upTo === undefined)
      return [{ pointer: place, code: 'invalid_tiers', detail: 'only the last tier has no bound' }];
    const before = steps[index - 1]?.up_to ?? 0;
    return upTo > before ? [] : [notAscending(place, upTo, before)];
  });
}

function notAscending(pointer: string, bound: number, before: number): PriceFault {
  return { pointer, code: 'invalid_tiers', detail: `${bound} does not come after ${before}` };
}
