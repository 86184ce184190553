// The lines of a credit note as they are asked for.
import { type FieldError, invalidRequest } from '#libs/http/problem.js';
import { parseMoney } from '#libs/money/money.js';
import type { LineAsk } from '../store/credit-note.store.js';

const FIELDS = ['line', 'amount', 'quantity'];

/** `{line, amount | quantity}` each; Problem 400 that names every faulty field. */
export function creditLines(lines: readonly unknown[]): LineAsk[] {
  const read = lines.map((line, index) => readLine(line, `/lines/${index}`));
  const errors = read.flatMap((one) => ('errors' in one ? one.errors : []));
  if (errors.length > 0) throw invalidRequest(errors);
  return read as LineAsk[];
}

function readLine(value: unknown, at: string): LineAsk | { readonly errors: FieldError[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { errors: [fault(at, 'must be an object with a line and an amount or a quantity')] };
  const asked = value as Record<string, unknown>;
  const { line, amount, quantity } = asked;
  const errors = Object.keys(asked)
    .filter((name) => !FIELDS.includes(name))
    .map((name) => fault(`${at}/${escaped(name)}`, 'is not a field of a credit', 'unknown_field'));
  if (!isCount(line)) errors.push(fault(`${at}/line`, 'must be the number of a line, from 1'));
  if ((amount === undefined) === (quantity === undefined))
    errors.push(fault(at, 'must have an amount or a quantity, one of them'));
  const amountFemto = amount === undefined ? undefined : moneyOf(amount);
  if (amount !== undefined && (amountFemto === undefined || amountFemto <= 0n))
    errors.push(fault(`${at}/amount`, 'must be a decimal string above zero such as "12.50"'));
  if (quantity !== undefined && !isCount(quantity))
    errors.push(fault(`${at}/quantity`, `must be a whole number from 1 to ${2 ** 53 - 1}`));
  if (errors.length > 0) return { errors };
  return {
    line: line as number,
    ...(amountFemto !== undefined && { amountFemto }),
    ...(quantity !== undefined && { units: BigInt(quantity as number) }),
  };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function moneyOf(value: unknown): bigint | undefined {
  try {
    return typeof value === 'string' ? parseMoney(value) : undefined;
  } catch {
    return undefined;
  }
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function fault(pointer: string, detail: string, code = 'invalid_value'): FieldError {
  return { pointer, code, detail };
}
