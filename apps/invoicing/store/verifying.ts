// Makes an issued invoice again, from the log alone at the cut that it stores, and compares it with what is stored.
import { rateMonth } from '#libs/rating/rate-month.js';
import type { RatedLine } from '#libs/rating/rate-month.js';
import type { Terms } from '#libs/rating/price-book.js';
import type { UsageRow } from '#libs/rating/usage-row.js';
import { differences, isLate, type LateMonth } from '../domain/adjustment.js';
import { parseExact } from '../domain/count.js';
import { type Difference, differingPaths } from '../domain/differing-paths.js';
import { type Cut, draftInvoice } from '../domain/invoice.js';
import { type InvoiceDocument, invoiceDocument } from '../domain/invoice-document.js';
import { lateCharges, mayOweOtherwise, owedIn } from '../domain/late-charges.js';
import type { BilledBeforeStore, Verified } from './billed-before.store.js';
import { CannotReplay, type LogReplay } from './log-replay.js';
import { ReplayedUsage } from './replayed-usage.js';

export interface Verification {
  /** The two say the same. */
  readonly equal: boolean;
  /** They are the same text, byte for byte. */
  readonly bytesEqual: boolean;
  readonly cut: Cut;
  /** Metered events of the organization below the cut, of all months. */
  readonly events: number;
  readonly differences: readonly Difference[];
}

export class Verifying {
  constructor(
    private readonly replay: LogReplay,
    private readonly before: BilledBeforeStore,
  ) {}

  /** Reads the whole log below the cut; CannotReplay when it is not there. undefined: there is no such number. */
  async verify(number: string): Promise<Verification | undefined> {
    const stored = await this.before.find(number);
    if (!stored) return undefined;
    const document = parseExact(stored.document);
    const cut = cutIn(document);
    const account = await this.replay.account(stored.organization, cut);
    if (!account)
      throw new CannotReplay('log_incomplete', `${stored.organization} is not in the log there.`);
    const terms = { account, catalogs: await this.replay.catalogs(cut) };
    const usage = new ReplayedUsage();
    for await (const events of this.replay.events(stored.organization, cut)) usage.add(events);
    const { period, issuedAt, dueAt } = stored;
    const rated = rateMonth({ terms, period, rows: usage.rowsOf(period) });
    const late = await this.lateMonths(stored, terms, usage);
    const burnt = await this.before.burnt(stored);
    const invoice = draftInvoice({ account, period, rated, late, cut, burnt });
    const { seller } = document as InvoiceDocument;
    const issue = { number, state: 'issued', issuedAt, dueAt, seller } as const;
    const text = JSON.stringify(invoiceDocument(invoice, issue));
    const differing = differingPaths(document, parseExact(text));
    return {
      equal: differing.length === 0,
      bytesEqual: text === stored.document,
      cut,
      events: usage.events,
      differences: differing,
    };
  }

  private async lateMonths(
    stored: Verified,
    terms: Terms,
    usage: ReplayedUsage,
  ): Promise<LateMonth[]> {
    const late: LateMonth[] = [];
    const besideOf = await this.before.billedBeside(stored);
    for (const { period, number } of await this.before.closedBefore(stored)) {
      const rows = usage.rowsOf(period);
      const billed = await this.before.billedFor(period, stored);
      const beside = besideOf(period);
      const isSame = isBilled(rows, billed);
      if (isSame && !mayOweOtherwise(terms, period, beside)) continue;
      const rated = rateMonth({ terms, period, rows });
      const charges = lateCharges(owedIn(rated), beside);
      const used = isSame
        ? { lines: [], unpriced: [] }
        : { lines: differences(rated.lines, billed), unpriced: rated.unpriced };
      late.push({ period, number, charges, ...used });
    }
    return late.filter(isLate);
  }
}

// As ledger.store.ts decides it: a month that holds the very events that were billed is not rated again.
function isBilled(rows: readonly UsageRow[], billed: readonly RatedLine[]): boolean {
  const used = rows.filter(({ quantity }) => quantity !== 'requests');
  return sumsOf(used) === sumsOf(billed);
}

function sumsOf(parts: readonly Pick<RatedLine, 'units' | 'digestA' | 'digestB'>[]): string {
  let [units, digestA, digestB] = [0n, 0n, 0n];
  for (const part of parts) {
    units += part.units;
    digestA += part.digestA;
    digestB += part.digestB;
  }
  return [units, BigInt.asUintN(64, digestA), BigInt.asUintN(64, digestB)].join(' ');
}

/** The cut of a stored document; CannotReplay when it is none. */
export function cutIn(document: unknown): Cut {
  const { cut } = document as { cut?: unknown };
  const isCut = (value: unknown, depth: number): boolean =>
    depth === 0
      ? Number.isSafeInteger(value) && (value as number) >= 0
      : typeof value === 'object' &&
        value !== null &&
        Object.values(value).every((part) => isCut(part, depth - 1));
  if (!isCut(cut, 2)) throw new CannotReplay('log_unreadable', 'The stored cut is none.');
  return cut as Cut;
}
