// The question that ends demo and load: is what was sent, what was metered, what was priced and what was invoiced the same?
import { formatExact, parseMoney } from '#libs/money/money.js';
import type { Ledger, PublishedPrices } from './ledger.js';

/** What the three readers say of one organization and month. */
export interface Readings {
  /** `GET /v1/usage`, summed: requests and pools. */
  readonly metered: Readonly<Record<string, bigint>>;
  /** `GET …/spend`: spent_exact. */
  readonly spentExact: string;
  readonly invoice: InvoiceReading;
}

export interface InvoiceReading {
  readonly number: string | null;
  readonly state: string;
  readonly subtotal_exact: string;
  readonly lines: readonly {
    readonly kind: string;
    readonly pool?: string | null;
    readonly quantity?: number | null;
    readonly amount_exact: string;
  }[];
}

export interface Account {
  readonly organization: string;
  readonly tier: string;
}

export interface Comparison {
  readonly organization: string;
  readonly period: string;
  readonly what: string;
  readonly sent: bigint;
  readonly metered: bigint | null;
  readonly invoiced: bigint;
  readonly equal: boolean;
}

/** One comparison per pool in units, then one for the money in femto-USD; all must be equal to the unit. */
export function compareReadings(
  ledger: Ledger,
  account: Account,
  period: string,
  readings: Readings,
  published: PublishedPrices,
): Comparison[] {
  const { organization, tier } = account;
  const sent = ledger.totals(organization, period);
  const usage = readings.invoice.lines.filter(({ kind }) => kind === 'usage');
  const invoiced: Record<string, bigint> = {};
  for (const { pool, quantity } of usage)
    invoiced[pool ?? ''] = (invoiced[pool ?? ''] ?? 0n) + BigInt(quantity ?? 0);
  const pools = new Set([
    ...Object.keys(sent),
    ...Object.keys(readings.metered),
    ...Object.keys(invoiced),
  ]);
  const comparisons = [...pools].map((pool) => {
    const row = {
      organization,
      period,
      what: pool,
      sent: sent[pool] ?? 0n,
      metered: readings.metered[pool] ?? 0n,
    };
    // Requests are counted, not priced: no invoice line has them.
    const onInvoice = pool === 'requests' ? row.metered : (invoiced[pool] ?? 0n);
    return {
      ...row,
      invoiced: onInvoice,
      equal: row.sent === row.metered && row.sent === onInvoice,
    };
  });
  const units = comparisons.filter(
    ({ sent: s, metered, invoiced: i }) => s !== 0n || metered !== 0n || i !== 0n,
  );
  const list = ledger.price(organization, period, tier, published);
  const owed = published.tiers[tier]?.usage === 'free' ? 0n : list;
  const listed = usage.reduce((sum, { amount_exact: amount }) => sum + parseMoney(amount), 0n);
  const money = (
    what: string,
    expected: bigint,
    spent: bigint | null,
    onInvoice: bigint,
  ): Comparison => {
    const equal = expected === onInvoice && (spent === null || spent === expected);
    return {
      organization,
      period,
      what,
      sent: expected,
      metered: spent,
      invoiced: onInvoice,
      equal,
    };
  };
  return [
    ...units,
    money('femto-USD at list price', list, null, listed),
    money(
      'femto-USD owed',
      owed,
      parseMoney(readings.spentExact),
      parseMoney(readings.invoice.subtotal_exact),
    ),
  ];
}

/** `$12.345678` for a femto amount, exact. */
export function dollars(femto: bigint): string {
  return `$${formatExact(femto)}`;
}
