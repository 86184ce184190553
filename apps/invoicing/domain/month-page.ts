// What a billing run does with a page of organizations: whom it issues at once, who has nothing to bill, and who is looked at alone.
// The draft is the same pure function of the same sums, so that both ways make the same document to the byte.
import type { Terms } from '#libs/rating/price-book.js';
import { rateMonth } from '#libs/rating/rate-month.js';
import type { UsageRow } from '#libs/rating/usage-row.js';
import type { Period } from '#libs/time/month.js';
import { decideIssue, type ParkBounds } from './decide-issue.js';
import { type Cut, draftInvoice, type Invoice } from './invoice.js';

/** What an organization was billed so far. */
export interface PageStanding {
  /** The month's own invoice, and the run that issued it. */
  readonly issued: { readonly number: string; readonly run: string | null } | undefined;
  /** Currency → total of its last invoice of an earlier month, minor units. */
  readonly previousMinor: ReadonlyMap<string, bigint>;
  readonly hasClosed: boolean;
}

/** A month of some organizations in one snapshot. */
export interface MonthPage {
  readonly period: Period;
  /** In the order of the run. */
  readonly ids: readonly string[];
  /** No organization comes after these. */
  readonly isLast: boolean;
  /** Of the registered ones without an invoice of the month. */
  readonly terms: ReadonlyMap<string, Terms>;
  readonly usage: ReadonlyMap<string, readonly UsageRow[]>;
  /** Of those who were ever billed. */
  readonly standings: ReadonlyMap<string, PageStanding>;
  /** Who needs more than is here. */
  readonly alone: ReadonlySet<string>;
  readonly cut: Cut;
  /** What was issued and voided before. */
  readonly version: { readonly lastId: bigint; readonly voids: bigint };
}

/** Whom the run is about, and how. */
export interface PageAim {
  readonly run: string;
  /** Named by whoever asked: also those who registered later, or never. */
  readonly isNamed: boolean;
  readonly bounds?: ParkBounds | undefined;
}

export interface PageDecision {
  readonly issue: readonly Invoice[];
  readonly empty: readonly string[];
  /** To be read, parked, blocked or issued one by one. */
  readonly alone: readonly string[];
  /** Issued by this very run, in a transaction whose end it did not live to see. */
  readonly issuedBefore: number;
  readonly issuedByOthers: number;
}

/** Sorts a page; an organization that cannot be rated is left to the way that says why. */
export function decidePage(page: MonthPage, aim: PageAim): PageDecision {
  const issue: Invoice[] = [];
  const empty: string[] = [];
  const alone: string[] = [];
  let issuedBefore = 0;
  let issuedByOthers = 0;
  for (const id of page.ids) {
    const issued = page.standings.get(id)?.issued;
    if (issued) {
      if (issued.run === aim.run) issuedBefore += 1;
      else issuedByOthers += 1;
      continue;
    }
    if (!isConcerned(page, aim, id)) continue;
    const draft = draftOf(page, aim, id);
    if (draft === 'alone') alone.push(id);
    else if (draft === 'empty') empty.push(id);
    else issue.push(draft);
  }
  return { issue, empty, alone, issuedBefore, issuedByOthers };
}

// Who registered before the month ended, or used something in it.
function isConcerned(page: MonthPage, { isNamed }: PageAim, id: string): boolean {
  if (isNamed || page.usage.has(id)) return true;
  const account = page.terms.get(id)?.account;
  return account === undefined || account.effectiveFrom < page.period.to;
}

function draftOf(page: MonthPage, aim: PageAim, id: string): Invoice | 'alone' | 'empty' {
  const { period, cut } = page;
  const terms = page.terms.get(id);
  if (!terms || page.alone.has(id) || terms.account.credits.length > 0) return 'alone';
  const { account } = terms;
  try {
    const rated = rateMonth({ terms, period, rows: page.usage.get(id) ?? [] });
    const draft = draftInvoice({ account, period, rated, late: [], cut });
    const previous = page.standings.get(id)?.previousMinor.get(draft.currency);
    const { outcome } = decideIssue(draft, aim.bounds, previous);
    if (outcome === 'issue') return draft;
    return outcome === 'empty' ? 'empty' : 'alone';
  } catch {
    return 'alone';
  }
}
