// Issues one organization's month: reads it in one snapshot, then writes number, document, lines and cut in one transaction that
// fails when the organization was billed in between. So however many try at once, there is one document and one number.
import type { DataSource } from 'typeorm';
import { announce } from '#libs/outbox/announcement.store.js';
import { DAY_MS, type Clock } from '#libs/time/instant.js';
import type { Period } from '#libs/time/month.js';
import { announcementOf, invoiceIssued } from '../domain/billing-events.js';
import { decideIssue, type ParkBounds } from '../domain/decide-issue.js';
import type { Invoice } from '../domain/invoice.js';
import { invoiceNumber } from '../domain/invoice-number.js';
import type { BasisStore } from './basis.store.js';
import type { InvoiceStore } from './invoice.store.js';
import type { ParkedStore } from './parked.store.js';

export interface IssueSettings {
  /** The first part of every number. */
  readonly legalEntity: string;
  readonly dueDays: number;
  /** What is parked for its size; nothing when absent. */
  readonly bounds?: ParkBounds;
}

/** What became of an organization in a billing run. */
export type IssueOutcome =
  | { readonly state: 'issued' | 'already_issued'; readonly number: string }
  | { readonly state: 'empty' }
  | { readonly state: 'parked' | 'blocked'; readonly reason: string; readonly detail: string };

export class Issuing {
  constructor(
    private readonly source: DataSource,
    private readonly stores: {
      readonly basis: BasisStore;
      readonly invoices: InvoiceStore;
      readonly parked: ParkedStore;
    },
    private readonly clock: Clock,
    private readonly settings: IssueSettings,
  ) {}

  /** Issues, or says why not. An invoice that this very run issued before it was killed is `issued`, another's `already_issued`. */
  async issue(organization: string, period: Period, run: string): Promise<IssueOutcome> {
    for (;;) {
      const basis = await this.stores.basis.read(organization, period);
      if (basis.issued) {
        const state = basis.issued.run === run ? 'issued' : 'already_issued';
        return { state, number: basis.issued.number };
      }
      if (!basis.draft)
        return {
          state: 'blocked',
          reason: 'unknown_organization',
          detail: `${organization} is not registered`,
        };
      const previous = await this.stores.parked.previousTotal(basis.draft);
      const decision = decideIssue(basis.draft, this.settings.bounds, previous);
      if (decision.outcome === 'empty' || basis.isBilledLater) return { state: 'empty' };
      const mayGo =
        decision.outcome === 'parked' &&
        (await this.stores.parked.park(basis.draft, decision, this.clock()));
      if (decision.outcome !== 'issue' && !mayGo) {
        const { outcome: state, reason, detail } = decision;
        return { state, reason, detail };
      }
      const number = await this.write(basis.draft, basis.version, run);
      if (number !== undefined) return { state: 'issued', number };
    }
  }

  private async write(draft: Invoice, version: bigint, run: string): Promise<string | undefined> {
    const { invoices } = this.stores;
    const { legalEntity, dueDays } = this.settings;
    return this.source.transaction(async (tx) => {
      if (!(await invoices.claimVersion(tx, draft.account.id, version))) return undefined;
      const issuedAt = this.clock();
      const year = new Date(issuedAt).getUTCFullYear();
      const sequence = await invoices.nextSequence(tx, legalEntity, year);
      const number = invoiceNumber(legalEntity, year, sequence);
      const dueAt = issuedAt + dueDays * DAY_MS;
      const issue = { number, state: 'issued', issuedAt, dueAt, run } as const;
      await invoices.insert(tx, draft, issue);
      await announce(tx, [announcementOf(invoiceIssued(draft, issue))]);
      return number;
    });
  }
}
