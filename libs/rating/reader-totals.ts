// What one reader of usage has counted of an organization's month, and its wire form at `GET /ops/usage-totals`. Metering, quota
// and invoicing each answer it out of one snapshot, so that equal positions mean equal numbers, or a fault.
import type { Digest } from '../events/digest.js';
import { QUANTITIES, type Quantity, TOKEN_POOLS } from '../events/quantities.js';
import { formatExact, parseMoney } from '../money/money.js';

/** Topic → partition → the next offset. */
export type Positions = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface ReaderTotals {
  readonly requests: bigint;
  readonly quantities: Readonly<Record<Quantity, bigint>>;
  readonly digest: Digest;
  /** null: this reader prices nothing, or does not know the organization. */
  readonly spentFemto: bigint | null;
  readonly positions: Positions;
}

/** Tokens of every pool, cached ones included. */
export function tokensOf({ quantities }: Pick<ReaderTotals, 'quantities'>): bigint {
  return TOKEN_POOLS.reduce((sum, pool) => sum + quantities[pool], 0n);
}

/** 32 hex digits: both halves of the digest. */
export function digestText([a, b]: Digest): string {
  return `${a.toString(16).padStart(16, '0')}${b.toString(16).padStart(16, '0')}`;
}

/** Every quantity of the list, those that were not counted as 0. */
export function allQuantities(
  counted: Iterable<readonly [string, bigint]>,
): Record<Quantity, bigint> {
  const found = new Map(counted);
  return Object.fromEntries(QUANTITIES.map((name) => [name, found.get(name) ?? 0n])) as Record<
    Quantity,
    bigint
  >;
}

/** The JSON of a reader's answer; counts are BigInt, which libs/http prints as JSON integers. */
export function totalsView(totals: ReaderTotals) {
  return {
    requests: totals.requests,
    tokens: tokensOf(totals),
    quantities: totals.quantities,
    spent_exact: totals.spentFemto === null ? null : formatExact(totals.spentFemto),
    digest: digestText(totals.digest),
    positions: totals.positions,
  };
}

/** As it comes out of JSON: numbers, or BigInt above 2^53. */
interface Wire {
  readonly requests: number | bigint;
  readonly quantities?: Readonly<Record<string, number | bigint>>;
  readonly spent_exact: string | null;
  readonly digest?: string;
  readonly positions: Positions;
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

// A count above 2^53 is read from its text.
const exact: Reviver = (_, value, { source }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) ? BigInt(source ?? value) : value;

/** Reads that JSON again, counts above 2^53 included; throws a TypeError when it is something else. */
export function parseTotals(text: string): ReaderTotals {
  const wire = JSON.parse(text, exact as (key: string, value: unknown) => unknown) as Wire | null;
  const digest = /^([0-9a-f]{16})([0-9a-f]{16})$/.exec(wire?.digest ?? '');
  if (!wire || !digest || typeof wire.positions !== 'object')
    throw new TypeError('not the usage totals of a reader');
  const counted = Object.entries(wire.quantities ?? {});
  return {
    requests: BigInt(wire.requests),
    quantities: allQuantities(counted.map(([name, units]) => [name, BigInt(units)])),
    digest: [BigInt(`0x${digest[1]}`), BigInt(`0x${digest[2]}`)],
    spentFemto: wire.spent_exact === null ? null : parseMoney(wire.spent_exact),
    positions: wire.positions,
  };
}
