// An invoice's lines as CSV (RFC 4180), for spreadsheets.
import type { LineDocument } from '../domain/invoice-document.js';

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

const AFTER = ['adjusts_invoice', 'adjusts_from', 'adjusts_to'] as const;

interface Listed {
  readonly number: string | null;
  readonly organization: string;
  readonly currency: string;
  readonly lines: readonly LineDocument[];
}

/** One header and one row per line, each with the invoice's number, organization and currency. */
export function invoiceCsv({ number, organization, currency, lines }: Listed): string {
  const header = ['number', 'organization', 'currency', ...COLUMNS, ...AFTER];
  const records = lines.map((line) => [
    number,
    organization,
    currency,
    ...COLUMNS.map((column) => line[column]),
    line.adjusts?.number,
    line.adjusts?.period.from,
    line.adjusts?.period.to,
  ]);
  return [header, ...records].map((record) => `${record.map(cell).join(',')}\r\n`).join('');
}

// A spreadsheet runs a cell that begins like a formula: such text gets an apostrophe. A negative amount is a number and stays.
function cell(value: string | number | bigint | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
