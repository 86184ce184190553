// A month's document spread over days and projects: every charge lands somewhere, and all shares sum to the document's subtotal, to
// the last femto. Usage lines follow the usage of their hours; what has no usage lands on the day on which it was incurred.
import type { Quantity } from '#libs/events/quantities.js';
import { parseMoney, parsePricePerMillion } from '#libs/money/money.js';
import type { UsageRow } from '#libs/rating/usage-row.js';
import { DAY_MS, dayOf } from '#libs/time/instant.js';
import type { Period } from '#libs/time/month.js';

/** What of a line is read; an issued document's lines and a draft's are the same. */
export interface CostLine {
  readonly kind: string;
  readonly description: string;
  readonly model: string | null;
  readonly service_tier: string | null;
  readonly adapter: string | null;
  readonly pool: string | null;
  readonly from: string;
  readonly to: string;
  readonly quantity: number | bigint | null;
  readonly price_per_million?: string | null;
  readonly amount_exact: string;
  readonly above_context?: number | null;
}

/** Usage of an hour, apart by project. */
export type ProjectRow = UsageRow & { readonly project: string | null };

export interface CostInput<Line extends CostLine = CostLine> {
  readonly period: Period;
  readonly lines: readonly Line[];
  readonly rows: readonly ProjectRow[];
  /** Whether usage at an instant was on a free tier: what the credit for it takes back. */
  readonly isFree: (at: number) => boolean;
}

/** A part of a line: what one project was charged for one day. */
export interface Cost<Line extends CostLine = CostLine> {
  readonly line: Line;
  /** Start of the UTC day, epoch ms. */
  readonly day: number;
  readonly project: string | null;
  readonly lineItem: string;
  readonly pool: Quantity | null;
  readonly units: bigint;
  readonly femto: bigint;
}

interface Share {
  readonly at: number;
  readonly project: string | null;
  readonly units: bigint;
  readonly femto: bigint;
}

/** The month's costs in the order of the lines, then of time; hours of one day are one cost. Taxes are none. */
export function costsOf<Line extends CostLine>(input: CostInput<Line>): Cost<Line>[] {
  const { period, lines, rows, isFree } = input;
  const byKey = Map.groupBy(rows, keyOf);
  const usage: Share[] = [];
  const costs: Cost<Line>[] = [];
  for (const line of lines.filter(({ kind }) => kind !== 'tax')) {
    const femto = parseMoney(line.amount_exact);
    const shares = isCredit(line)
      ? creditShares(line, femto, usage, isFree)
      : line.kind === 'usage'
        ? usageShares(line, femto, byKey.get(keyOf(line)) ?? [])
        : [{ at: incurredAt(line, period), project: null, units: unitsOf(line), femto }];
    if (line.kind === 'usage') usage.push(...shares);
    costs.push(...byDay(shares, line));
  }
  return costs;
}

/**
 * `llama-3.3-70b-versatile cached_input batch`; on demand goes without saying. Without a comma: a filter tells several line items
 * by commas.
 */
export function lineItemOf(line: CostLine): string {
  if (line.model === null) return line.description.replaceAll(/,\s*/g, ': ');
  const parts = [
    line.model,
    line.pool,
    line.service_tier === 'on_demand' ? null : line.service_tier,
    line.adapter === null ? null : `adapter ${line.adapter}`,
  ];
  const name = parts.filter((part) => part !== null).join(' ');
  return line.kind === 'adjustment' ? `Late usage of ${line.from.slice(0, 7)}: ${name}` : name;
}

// By the units of each hour. A line of one price gets exactly units × price each; tiers and packages their part by units.
function usageShares(line: CostLine, femto: bigint, rows: readonly ProjectRow[]): Share[] {
  const [from, to] = [Date.parse(line.from), Date.parse(line.to)];
  const above = line.above_context ?? null;
  const inSpan = rows.filter(({ hour }) => hour >= from && hour < to);
  const fitting = above === null ? inSpan : inSpan.filter(({ context }) => context >= above);
  const units = fitting.map((row) => row.units);
  if (units.reduce((sum, one) => sum + one, 0n) === 0n)
    return [{ at: from, project: null, units: unitsOf(line), femto }];
  const counts = cutShares(unitsOf(line), units);
  // So that each share is its own units × price, also when usage has come since the line was issued.
  const price = line.price_per_million ? parsePricePerMillion(line.price_per_million) : null;
  const isByUnit = price !== null && unitsOf(line) * price === femto;
  const moneys = isByUnit ? counts.map((count) => count * price) : cutShares(femto, units);
  return fitting.map(({ hour: at, project }, index) => ({
    at,
    project,
    units: counts[index] as bigint,
    femto: moneys[index] as bigint,
  }));
}

// What a credit takes back was charged by usage lines: on the free tier in its hours alone, else anywhere.
function creditShares(
  line: CostLine,
  femto: bigint,
  usage: readonly Share[],
  isFree: (at: number) => boolean,
): Share[] {
  const free = usage.filter(({ at }) => isFree(at));
  const from = free.reduce((sum, share) => sum + share.femto, 0n) === 0n ? usage : free;
  const weights = from.map((share) => share.femto);
  if (weights.reduce((sum, one) => sum + one, 0n) === 0n)
    return [{ at: Date.parse(line.from), project: null, units: 0n, femto }];
  const moneys = cutShares(femto, weights);
  return from.map(({ at, project }, index) => {
    return { at, project, units: 0n, femto: moneys[index] as bigint };
  });
}

// Shares are cut at running totals: exact where the division is, else off by less than one, and they sum to the whole. Weights may
// be negative, as an hour's correction is.
function cutShares(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  let running = 0n;
  let given = 0n;
  return weights.map((weight) => {
    running += weight;
    const until = (total * running) / sum;
    const share = until - given;
    given = until;
    return share;
  });
}

function byDay<Line extends CostLine>(shares: readonly Share[], line: Line): Cost<Line>[] {
  const lineItem = lineItemOf(line);
  const days = Map.groupBy(shares, ({ at, project }) => `${dayOf(at)}\0${project ?? ''}`);
  return [...days.values()].map((same) => {
    const [first] = same as [Share];
    return {
      line,
      day: dayOf(first.at),
      project: first.project,
      lineItem,
      pool: line.pool as Quantity | null,
      units: same.reduce((sum, { units }) => sum + units, 0n),
      femto: same.reduce((sum, { femto }) => sum + femto, 0n),
    };
  });
}

// A fee is owed from its first day on; what usage fell short of a commitment is known on its last; what came late for a closed
// month is charged with this one.
function incurredAt({ kind, from, to }: CostLine, period: Period): number {
  if (kind === 'adjustment') return period.from;
  return kind === 'commitment' ? Date.parse(to) - DAY_MS : Date.parse(from);
}

function isCredit({ kind, model }: CostLine): boolean {
  return kind === 'credit' && model === null;
}

function unitsOf({ quantity }: CostLine): bigint {
  return BigInt(quantity ?? 0);
}

function keyOf(names: CostLine | ProjectRow): string {
  if ('hour' in names)
    return [names.model, names.serviceTier, names.adapter ?? '', names.quantity].join('\0');
  return [names.model, names.service_tier, names.adapter ?? '', names.pool].join('\0');
}
