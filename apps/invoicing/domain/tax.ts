// Taxes of an invoice. A rate is taken of what the rounded lines come to, less what prepaid credits pay of them, in exact fractions;
// it is rounded half to even once, and its minor units are given to the lines by largest remainder.
import { taxesAt, type TaxRate, type TaxSpan } from '#libs/events/taxes.js';
import { type Fraction, roundFraction, shareFractions } from '#libs/money/fraction.js';
import { shareOut } from '#libs/money/share.js';
import { parsePercent } from '#libs/rating/charge/discount.js';
import type { Period } from '#libs/time/month.js';

/** What of a line is taxed: its rounded amount, by the rates at the end of the month that it bills. */
export interface Taxable {
  readonly bills: Period;
  readonly amountMinor: bigint;
  /** Where it is for other months too: how much of it, in any unit, is for which. */
  readonly parts?: readonly { readonly bills: Period; readonly femto: bigint }[];
}

/** A rate as an invoice charges it, in minor units. */
export interface InvoiceTax {
  readonly rate: TaxRate;
  /** What it is taken of: without the tax itself where prices contain it. */
  readonly taxableMinor: bigint;
  /** 0 where the rate is not charged. */
  readonly amountMinor: bigint;
  /** Its share on each line; null: the line is not taxed at this rate. They sum to the amount. */
  readonly shares: readonly (bigint | null)[];
}

/** 100 % in the millionths of a percent that rates are kept in. */
const WHOLE = 100_000_000n;

/**
 * The taxes on lines, in the order in which lines meet the rates: one for each rate, however many months the lines are of. Several
 * rates are each on the same amount, none on another. `creditsMinor` is what prepaid credits pay of the lines' sum: it is taken off
 * every line in proportion, since credits were taxed when they were bought, or are a reduction of the price when they were given.
 */
export function taxesOn(
  lines: readonly Taxable[],
  spans: readonly TaxSpan[] | undefined,
  creditsMinor = 0n,
): readonly InvoiceTax[] {
  if (!spans || spans.length === 0) return [];
  const pieces = lines.flatMap((line, index) =>
    piecesOf(line).map((piece) => ({ ...piece, index })),
  );
  return taxesOnPieces(pieces, spans, creditsMinor).map(({ shares, ...tax }) => {
    const byLine: (bigint | null)[] = lines.map(() => null);
    for (const [at, share] of shares.entries()) {
      const { index } = pieces[at] as { index: number };
      if (share !== null) byLine[index] = (byLine[index] ?? 0n) + share;
    }
    return { ...tax, shares: byLine };
  });
}

// A credit that is for several months is taxed, or rather is not, at the rates of each; in whole minor units.
function piecesOf({ bills, amountMinor, parts = [] }: Taxable): Taxable[] {
  const weights = parts.map(({ femto }) => femto);
  if (weights.length === 0 || weights.some((weight) => weight <= 0n))
    return [{ bills, amountMinor }];
  return shareOut(amountMinor, weights).map((share, index) => {
    return { bills: parts[index]?.bills ?? bills, amountMinor: share };
  });
}

function taxesOnPieces(
  lines: readonly Taxable[],
  spans: readonly TaxSpan[],
  creditsMinor: bigint,
): readonly InvoiceTax[] {
  const groups = new Map<string, Group>();
  for (const [index, { bills }] of lines.entries()) {
    const rates = taxesAt(spans, bills.to - 1);
    const contained = rates.reduce((sum, rate) => sum + containedPercent(rate), 0n);
    for (const rate of rates) {
      const key = keyOf(rate, contained);
      const group = groups.get(key) ?? { rate, contained, lines: new Set() };
      group.lines.add(index);
      groups.set(key, group);
    }
  }
  const sum = lines.reduce((all, { amountMinor }) => all + amountMinor, 0n);
  const left = creditsMinor === 0n ? { of: 1n, over: 1n } : { of: sum - creditsMinor, over: sum };
  return [...groups.values()].map((group) => taxOf(lines, group, left));
}

/** `VAT 19% (DE)`. */
export function taxName({ name, percent, jurisdiction }: TaxRate): string {
  return `${name} ${percent}% (${jurisdiction})`;
}

interface Group {
  readonly rate: TaxRate;
  /** Of all inclusive rates on the same lines: what the prices contain. */
  readonly contained: bigint;
  readonly lines: Set<number>;
}

function taxOf(
  lines: readonly Taxable[],
  group: Group,
  left: { readonly of: bigint; readonly over: bigint },
): InvoiceTax {
  const { rate, contained } = group;
  const percent = chargedPercent(rate);
  // 19 % on top is 19/100 of the lines; 19 % that they contain is 19/119 of them.
  const over = left.over * (WHOLE + contained);
  const fractions = lines.map(({ amountMinor }, index): Fraction | null =>
    group.lines.has(index) ? { of: amountMinor * left.of * percent, over } : null,
  );
  const { total, shares } = shareFractions(fractions, over);
  const base = lines.reduce(
    (sum, { amountMinor }, index) => (group.lines.has(index) ? sum + amountMinor : sum),
    0n,
  );
  const gross = roundFraction({ of: base * left.of, over: left.over });
  const inside = roundFraction({ of: base * left.of * contained, over });
  return { rate, taxableMinor: gross - inside, amountMinor: total, shares };
}

function chargedPercent({ percent, exemption }: TaxRate): bigint {
  return exemption === null ? parsePercent(percent) : 0n;
}

function containedPercent(rate: TaxRate): bigint {
  return rate.behavior === 'inclusive' ? chargedPercent(rate) : 0n;
}

function keyOf({ name, percent, jurisdiction, behavior, exemption }: TaxRate, contained: bigint) {
  const { kind, reason } = exemption ?? {};
  return JSON.stringify([name, percent, jurisdiction, behavior, kind, reason, String(contained)]);
}
