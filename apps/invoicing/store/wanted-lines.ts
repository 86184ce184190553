// A line of an issued invoice → what its events are told by: its names, its terms at the cut, and the raw offsets that it is of.
import { parseInstant } from '#libs/time/instant.js';
import type { RatedLine } from '#libs/rating/rate-month.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { parseExact } from '../domain/count.js';
import type { Cut } from '../domain/invoice.js';
import type { InvoiceDocument, LineDocument } from '../domain/invoice-document.js';
import type { BilledBeforeStore, Verified } from './billed-before.store.js';
import type { WantedLine } from './line-events.js';
import { CannotReplay, type LogReplay } from './log-replay.js';
import { cutIn } from './verifying.js';

/** Invoices whose terms are kept at once: a reader of pages asks for the same one again and again. */
const MOST_KEPT = 16;

export type WantedOutcome =
  | { readonly kind: 'line'; readonly line: WantedLine; readonly isEmpty: boolean }
  | { readonly kind: 'unknown' | 'not_usage' | 'repriced' };

export class WantedLines {
  private readonly terms = new Map<string, Promise<WantedLine['terms']>>();

  constructor(
    private readonly replay: LogReplay,
    private readonly before: BilledBeforeStore,
  ) {}

  /**
   * `unknown`: no such invoice or line. `not_usage`: a fee, a credit and the like. `repriced`: an adjustment that books another
   * price for usage that was billed already, and so is of no events of its own.
   */
  async find(number: string, lineNumber: number): Promise<WantedOutcome> {
    const stored = await this.before.find(number);
    if (!stored) return { kind: 'unknown' };
    const document = parseExact(stored.document) as InvoiceDocument;
    const line = document.lines.find((one) => one.line === lineNumber);
    if (!line) return { kind: 'unknown' };
    if (line.pool === null) return { kind: 'not_usage' };
    const cut = cutIn(document);
    const from = await this.startOf(stored, line);
    if (from === undefined) return { kind: 'repriced' };
    const terms = await this.termsOf(number, stored.organization, cut);
    // A charge in parts has its events at one of them.
    const isEmpty = line.digest === '0'.repeat(32);
    return { kind: 'line', line: wanted(line, terms, spansOf(from, cut)), isEmpty };
  }

  /** The cut from which on the line's events are its own; undefined when what was billed there was at other terms. */
  private async startOf(stored: Verified, line: LineDocument): Promise<Cut | undefined> {
    if (line.adjusts === null) return {};
    const month = { from: at(line.adjusts.period.from), to: at(line.adjusts.period.to) };
    const billed = await this.before.billedFor(month, stored);
    if (billed.some((one) => isOtherTerms(one, line))) return undefined;
    const last = await this.before.lastBilling(month, stored);
    return last === undefined ? {} : cutIn(parseExact(last));
  }

  private async termsOf(number: string, organization: string, cut: Cut) {
    const known = this.terms.get(number);
    if (known) return known;
    const made = this.replayTerms(organization, cut);
    this.terms.set(number, made);
    const [oldest] = this.terms.keys();
    if (this.terms.size > MOST_KEPT && oldest !== undefined) this.terms.delete(oldest);
    made.catch(() => this.terms.delete(number));
    return made;
  }

  private async replayTerms(organization: string, cut: Cut): Promise<WantedLine['terms']> {
    const account = await this.replay.account(organization, cut);
    if (!account)
      throw new CannotReplay('log_incomplete', `${organization} is not in the log there.`);
    return { account, catalogs: await this.replay.catalogs(cut) };
  }
}

function wanted(
  line: LineDocument,
  terms: WantedLine['terms'],
  spans: WantedLine['spans'],
): WantedLine {
  return {
    terms,
    spans,
    model: line.model as string,
    serviceTier: line.service_tier as WantedLine['serviceTier'],
    adapter: line.adapter,
    quantity: line.pool as WantedLine['quantity'],
    from: at(line.from),
    to: at(line.to),
    aboveContext: line.above_context ?? 0,
  };
}

function spansOf(from: Cut, to: Cut): WantedLine['spans'] {
  const ends = Object.entries(to[USAGE_RECORDED] ?? {});
  return Object.fromEntries(
    ends.map(([partition, end]) => {
      return [partition, { from: from[USAGE_RECORDED]?.[partition] ?? 0, to: end }];
    }),
  );
}

// Usage of the same names and time that was billed under another row: the adjustment is then also a change of price.
function isOtherTerms(billed: RatedLine, line: LineDocument): boolean {
  const names = billed.model === line.model && billed.serviceTier === line.service_tier;
  if (!names || billed.adapter !== line.adapter || billed.quantity !== line.pool) return false;
  const [from, to] = [at(line.from), at(line.to)];
  if (billed.from >= to || billed.to <= from) return false;
  return (
    billed.from !== from ||
    billed.to !== to ||
    billed.catalogVersion !== line.catalog_version ||
    billed.overrideId !== line.override_id
  );
}

function at(text: string): number {
  return parseInstant(text) as number;
}
