// FOCUS 1.2 (FinOps Open Cost and Usage Specification): an invoice as rows whose BilledCost sums to what is payable on it, to the
// last digit. Lines are exact there, and one Adjustment row rounds them as the invoice did.
import { parseMoney } from '#libs/money/money.js';
import { DAY_MS, formatInstant } from '#libs/time/instant.js';
import type { Cost } from './costs.js';
import { FOCUS_COLUMNS, type FocusColumn } from './focus-columns.js';
import { type FocusLine, focusUnit, pricingOf, sameCost } from './focus-pricing.js';

/** The lines, taxes and totals of an issued document. */
export interface FocusDocument {
  readonly number: string | null;
  readonly organization: string;
  readonly seller?: { readonly name: string };
  readonly bill_to: { readonly name: string };
  readonly period: { readonly from: string; readonly to: string };
  readonly currency: string;
  readonly lines: readonly FocusLine[];
  readonly taxes: readonly FocusTax[];
  readonly total: string;
  readonly credits_applied: string;
}

export interface FocusTax {
  readonly name?: string;
  readonly percent?: string;
  readonly behavior?: string;
  readonly amount?: string;
}

export interface FocusInput {
  readonly document: FocusDocument;
  /** The document's lines by day and project (costs.ts); they sum to its exact subtotal. */
  readonly costs: readonly Cost<FocusLine>[];
  /** The published price of a line that is charged at another one, femto-units per unit; null where none is published. */
  readonly listPriceOf: (line: FocusLine) => bigint | null;
  /** Provider, publisher and invoice issuer, in the same words, of a document that does not say it itself. */
  readonly issuer: string;
}

export type FocusRow = Readonly<Record<FocusColumn, string>>;

/** The rows of an invoice: charges by day and project, then taxes, prepaid credits and the rounding. */
export function focusRows(input: FocusInput): FocusRow[] {
  const { document, costs } = input;
  const common = commonOf(input);
  const charges = costs
    .filter(({ femto, units }) => femto !== 0n || units !== 0n)
    .map((cost) => ({ ...common, ...chargeOf(cost), ...pricingOf(cost, input.listPriceOf) }));
  const taxes = document.taxes
    .filter(({ behavior }) => behavior !== 'inclusive')
    .map((tax) => plainRow(common, 'Tax', taxText(tax), parseMoney(tax.amount ?? '0')));
  const credits = parseMoney(document.credits_applied.replace('-', ''));
  const paid = plainRow(common, 'Credit', 'Prepaid credits', -credits);
  const rounding = parseMoney(document.total) - sumOf([...charges, ...taxes]);
  const rounded = plainRow(
    common,
    'Adjustment',
    'Rounding to the smallest unit of the currency',
    rounding,
  );
  return [
    ...charges,
    ...taxes,
    ...(credits === 0n ? [] : [paid]),
    ...(rounding === 0n ? [] : [rounded]),
  ];
}

export type Row = Record<FocusColumn, string>;

const EMPTY = Object.fromEntries(FOCUS_COLUMNS.map((column) => [column, ''])) as Row;

/** What every row of a document says. */
export function commonOf({
  document,
  issuer: current,
}: Pick<FocusInput, 'document' | 'issuer'>): Row {
  const issuer = document.seller?.name ?? current;
  const { period, currency, organization } = document;
  return {
    ...EMPTY,
    BillingAccountId: organization,
    BillingAccountName: document.bill_to.name,
    BillingAccountType: 'Organization',
    BillingCurrency: currency,
    BillingPeriodStart: period.from,
    BillingPeriodEnd: period.to,
    ChargePeriodStart: period.from,
    ChargePeriodEnd: period.to,
    InvoiceId: document.number ?? '',
    InvoiceIssuerName: issuer,
    PricingCurrency: currency,
    ProviderName: issuer,
    PublisherName: issuer,
    ServiceCategory: 'AI and Machine Learning',
    ServiceName: 'Inference',
    ServiceSubcategory: 'Generative AI',
  };
}

/** What a charge is, and when it was. */
export function chargeOf({ line, day, project, units }: Cost<FocusLine>): Partial<Row> {
  const { category, frequency } = kindOf(line);
  const [from, to] = [Date.parse(line.from), Date.parse(line.to)];
  const isDaily = line.kind === 'usage' || line.kind === 'credit';
  return {
    ChargeCategory: category,
    ChargeClass: line.kind === 'adjustment' ? 'Correction' : '',
    ChargeDescription: line.description,
    ChargeFrequency: frequency,
    ChargePeriodStart: formatInstant(isDaily ? Math.max(day, from) : from),
    ChargePeriodEnd: formatInstant(isDaily ? Math.min(day + DAY_MS, to) : to),
    ...(category === 'Usage' && consumed(line, units)),
    ...(project !== null && {
      SubAccountId: project,
      SubAccountName: project,
      SubAccountType: 'Project',
    }),
    x_InvoiceLine: String(line.line),
    x_CatalogVersion: line.catalog_version ?? '',
    x_CorrectsInvoice: line.adjusts?.number ?? '',
  };
}

// A plan is used in the month that it is paid for, so its fee is no purchase of something to come (of which the EffectiveCost
// would be 0). What usage fell short of a commitment buys nothing either.
function kindOf({ kind, model }: FocusLine): { category: string; frequency: string } {
  if (model !== null) return { category: 'Usage', frequency: 'Usage-Based' };
  if (kind === 'credit') return { category: 'Credit', frequency: 'One-Time' };
  if (kind === 'commitment') return { category: 'Adjustment', frequency: 'Recurring' };
  return { category: 'Usage', frequency: 'Recurring' };
}

function consumed(line: FocusLine, units: bigint): Partial<Row> {
  if (line.model === null) return { ConsumedQuantity: '1.0', ConsumedUnit: 'Plans' };
  return { ConsumedQuantity: `${units}.0`, ConsumedUnit: focusUnit(line) };
}

/** Taxes, credits and the rounding: all of their costs are the same. */
export function plainRow(common: Row, category: string, description: string, femto: bigint): Row {
  return {
    ...common,
    ...sameCost(femto),
    ChargeCategory: category,
    ChargeDescription: description,
    ChargeFrequency: 'One-Time',
  };
}

/** `VAT 19%`. */
export function taxText({ name = 'Tax', percent }: FocusTax): string {
  return percent === undefined ? name : `${name} ${percent}%`;
}

function sumOf(rows: readonly Row[]): bigint {
  return rows.reduce((sum, { BilledCost }) => sum + parseMoney(BilledCost), 0n);
}
