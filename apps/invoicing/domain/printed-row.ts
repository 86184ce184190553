// A line of a document as the cells of a printed row.
import type { Quantity, ServiceTier } from '#libs/events/quantities.js';
import type { Words } from './document-words.js';
import { cleanLines, grouped, isolated } from './printed-text.js';
import { monthText, spanText, type TextRange } from './printed-time.js';

export interface PrintableLine {
  readonly kind: string;
  readonly description?: string;
  readonly model?: string | null;
  readonly service_tier?: string | null;
  readonly adapter?: string | null;
  readonly pool?: string | null;
  readonly from?: string;
  readonly to?: string;
  readonly quantity?: number | bigint | null;
  readonly price_per_million?: string | null;
  readonly part?: string | null;
  readonly above_context?: number | null;
  readonly amount: string;
  readonly tier?: string | null;
  readonly adjusts?: { readonly period: TextRange; readonly number: string | null } | null;
}

export interface PrintedRow {
  readonly title: string;
  readonly detail: string;
  readonly span: string;
  readonly quantity: string;
  readonly price: string;
  readonly amount: string;
}

/** The cells of one line; its span is left out where a line without usage is about the whole period of the document. */
export function printedRow(line: PrintableLine, period: TextRange, words: Words): PrintedRow {
  const { from, to } = line;
  const isWhole = from === period.from && to === period.to;
  const hasSpan = from !== undefined && to !== undefined && !(isWhole && line.model === null);
  return {
    title: cleanLines(titleOf(line, words)).join(' '),
    detail: detailOf(line, words),
    span: hasSpan ? spanText(words, { from, to }, 'short') : '',
    quantity: line.quantity === null || line.quantity === undefined ? '' : grouped(line.quantity),
    price: line.price_per_million ? grouped(line.price_per_million) : '',
    amount: grouped(line.amount),
  };
}

function titleOf(line: PrintableLine, words: Words): string {
  if (line.model) return line.model;
  if (line.kind === 'fee' && line.tier) return `${words.fee}: ${line.tier}`;
  const { description = line.kind } = line;
  // What the house writes has words in every language; what a person wrote stays as it is.
  return KNOWN.find(([text]) => description.startsWith(text))?.[1](words) ?? description;
}

const KNOWN: readonly (readonly [string, (words: Words) => string])[] = [
  ['Usage on the free tier', (words) => words.freeCredit],
  ['Discounts and caps', (words) => words.discount],
  ['Minimum commitment', (words) => words.commitment],
  ['Late change of the monthly fee', (words) => words.lateFee],
  ['Late change of the minimum', (words) => words.lateCommitment],
];

function detailOf(line: PrintableLine, words: Words): string {
  const pool = line.pool && (words.pools[line.pool as Quantity] ?? line.pool);
  const tier =
    line.service_tier &&
    (words.serviceTiers[line.service_tier as ServiceTier] ?? line.service_tier);
  const comma = words.direction === 'rtl' ? '، ' : ', ';
  const isolate = (text: string): string => (words.direction === 'rtl' ? isolated(text) : text);
  const adapter = line.adapter ? `${words.adapter} ${isolate(line.adapter)}` : null;
  const late = line.kind === 'adjustment' ? lateText(line, words, isolate) : null;
  const long = line.above_context ? words.longInput(grouped(line.above_context)) : null;
  const part = line.part ? isolate(line.part) : null;
  return [late, pool, tier, adapter, long, part].filter(Boolean).join(comma);
}

function lateText(line: PrintableLine, words: Words, isolate: (text: string) => string): string {
  const { adjusts } = line;
  if (!adjusts) return words.lateUsage;
  const month = monthText(words, adjusts.period.from);
  const number = adjusts.number ? ` (${isolate(adjusts.number)})` : '';
  const what = `${month}${number}`;
  return line.model ? `${words.lateUsage}: ${what}` : what;
}
