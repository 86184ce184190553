// Issues one organization's month: reads it in one snapshot, then writes number, document, lines and cut in one transaction that
// fails when the organization was billed in between. So however many try at once, there is one document and one number.
import type { DataSource } from 'typeorm';
import type { Clock } from '#libs/time/instant.js';
import type { Period } from '#libs/time/month.js';
import { decideIssue, type ParkBounds } from '../domain/decide-issue.js';
import type { Invoice } from '../domain/invoice.js';
import type { BasisStore } from './basis.store.js';
import type { InvoiceStore } from './invoice.store.js';
import { buildInvoices, type IssueTerms, writeInvoices } from './invoice-writer.js';
import type { ParkedStore } from './parked.store.js';
import { invoiceSeries, moveSeries, seriesEnd } from './series.store.js';

export interface IssueSettings extends IssueTerms {
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
    const { legalEntity, dueDays, seller } = this.settings;
    return this.source.transaction(async (tx) => {
      if (!(await this.stores.invoices.claimVersion(tx, draft.account.id, version)))
        return undefined;
      const at = this.clock();
      const start = await seriesEnd(tx, invoiceSeries(legalEntity, at));
      const built = buildInvoices([draft], start, { dueDays, at, seller });
      await writeInvoices(tx, built, { at, run });
      await moveSeries(tx, built.end);
      return built.numbers[0];
    });
  }
}
