// An invoice's lines as CSV (RFC 4180), for spreadsheets.
import { formatMinor } from '#libs/money/money.js';
import type { LineDocument } from '../domain/invoice-document.js';
import { minorDigits } from '../domain/currency.js';
import { minorOf } from '../domain/standing.js';
import { csvRecord } from './csv.js';

const COLUMNS = [
  'line',
  'kind',
  'description',
  'model',
  'service_tier',
  'adapter',
  'pool',
  'from',
  'to',
  'quantity',
  'unit',
  'price_per_million',
  'amount_exact',
  'amount',
  'catalog_version',
  'override_id',
  'tier',
  'events',
  'digest',
] as const satisfies readonly (keyof LineDocument)[];

const AFTER = [
  'adjusts_invoice',
  'adjusts_from',
  'adjusts_to',
  'part',
  'above_context',
  'state',
  'tax',
  'tax_rates',
] as const;

interface Listed {
  readonly number: string | null;
  readonly state: string;
  readonly organization: string;
  readonly currency: string;
  readonly lines: readonly LineDocument[];
}

/** One header and one row per line, each with the invoice's number, organization, currency and state of now. */
export function invoiceCsv({ number, state, organization, currency, lines }: Listed): string {
  const header = ['number', 'organization', 'currency', ...COLUMNS, ...AFTER];
  const records = lines.map((line) => [
    number,
    organization,
    currency,
    ...COLUMNS.map((column) => line[column]),
    line.adjusts?.number,
    line.adjusts?.period.from,
    line.adjusts?.period.to,
    line.part,
    line.above_context,
    state,
    taxOf(line, currency),
    line.taxes?.map(({ name, percent }) => `${name} ${percent}%`).join('; '),
  ]);
  return [header, ...records].map(csvRecord).join('');
}

// The line's shares of all its rates; empty where nothing is taxed.
function taxOf({ taxes }: LineDocument, currency: string): string | null {
  if (!taxes) return null;
  const sum = taxes.reduce((all, { amount }) => all + minorOf(amount, currency), 0n);
  return formatMinor(sum, minorDigits(currency));
}
