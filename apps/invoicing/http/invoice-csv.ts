// An invoice's lines as CSV (RFC 4180), for spreadsheets.
import type { LineDocument } from '../domain/invoice-document.js';
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
  ]);
  return [header, ...records].map(csvRecord).join('');
}
