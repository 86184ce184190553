// The four services of one stack, as a verb asks them.
import type { Endpoints } from '#libs/stack/home.js';
import { parseMonth } from '#libs/time/month.js';
import { formatInstant } from '#libs/time/instant.js';
import type { InvoiceReading, Readings } from '../domain/agreement.js';
import type { PublishedPrices } from '../domain/ledger.js';
import { Api } from './api.js';

/** Reads wait this long for a projection to reach what was sent. */
const WAIT_MS = '30000';

interface UsageRow {
  readonly requests: number;
  readonly tokens: Readonly<Record<string, number>>;
  readonly [measure: string]: unknown;
}

export class StackClient {
  readonly ingest: Api;
  readonly metering: Api;
  readonly quota: Api;
  readonly invoicing: Api;

  constructor(
    readonly endpoints: Endpoints,
    key: string,
  ) {
    this.ingest = new Api(endpoints.ingest, key);
    this.metering = new Api(endpoints.metering, key);
    this.quota = new Api(endpoints.quota, key);
    this.invoicing = new Api(endpoints.invoicing, key);
  }

  /** The published catalog that is in force now. */
  async catalog(): Promise<PublishedPrices & { version: string }> {
    return this.invoicing.get('/v1/catalog');
  }

  /** What metering, quota and invoicing say of a month, once each has read what was sent. */
  async readings(organization: string, period: string, atLeast: string): Promise<Readings> {
    const seen: Record<string, string> =
      atLeast === '' ? {} : { at_least: atLeast, wait_ms: WAIT_MS };
    const [metered, spend, invoice] = await Promise.all([
      this.usage(organization, period, seen),
      this.quota.get<{ spent_exact: string }>(`/v1/organizations/${organization}/spend`, {
        period,
        ...seen,
      }),
      this.invoice(organization, period, seen),
    ]);
    return { metered, spentExact: spend.spent_exact, invoice };
  }

  /** The issued invoice of a month, or its live draft while there is none. */
  async invoice(
    organization: string,
    period: string,
    seen: Readonly<Record<string, string>> = {},
  ): Promise<InvoiceReading> {
    const issued = await this.invoicing.get<{ data: InvoiceReading[] }>('/v1/invoices', {
      organization,
      period,
    });
    const [document] = issued.data;
    if (document) return document;
    return this.invoicing.get(`/v1/organizations/${organization}/upcoming-invoice`, {
      period,
      ...seen,
    });
  }

  private async usage(
    organization: string,
    period: string,
    seen: Readonly<Record<string, string>>,
  ): Promise<Record<string, bigint>> {
    const month = parseMonth(period);
    if (!month) throw new RangeError(`${period} is not a month`);
    const range = { from: formatInstant(month.from), to: formatInstant(month.to) };
    const answer = await this.metering.get<{ data: UsageRow[] }>('/v1/usage', {
      organization,
      ...range,
      ...seen,
    });
    const totals: Record<string, bigint> = {};
    for (const { requests, tokens } of answer.data) {
      const counts: [string, number][] = [['requests', requests], ...Object.entries(tokens)];
      for (const [pool, units] of counts) totals[pool] = (totals[pool] ?? 0n) + BigInt(units);
    }
    return totals;
  }
}
