// A credit note as FOCUS 1.2 rows: corrections of a month that was billed before, in the month in which they are issued. BilledCost
// sums to what the note gives back, below zero.
import { parseMoney } from '#libs/money/money.js';
import { formatInstant, parseInstant } from '#libs/time/instant.js';
import { monthOf } from '#libs/time/month.js';
import { pricingOf } from './focus-pricing.js';
import {
  chargeOf,
  commonOf,
  type FocusDocument,
  type FocusRow,
  type FocusTax,
  plainRow,
  type Row,
  taxText,
} from './focus.js';

/** The lines, taxes and totals of an issued note. */
export interface FocusNote {
  readonly number: string;
  /** The invoice that it corrects. */
  readonly invoice: string;
  readonly seller?: { readonly name: string };
  readonly issued_at: string;
  readonly lines: readonly { readonly line: number; readonly amount: string }[];
  readonly taxes: readonly FocusTax[];
  readonly total: string;
}

/** The rows of a note of that invoice; `issuer` as in focus.ts. Throws for a line that the invoice lacks. */
export function focusNoteRows(note: FocusNote, invoice: FocusDocument, issuer: string): FocusRow[] {
  const { seller: _, ...billed } = invoice;
  const document = { ...billed, ...(note.seller && { seller: note.seller }), number: note.number };
  const common = { ...commonOf({ document, issuer }), ...correcting(note) };
  const charges = note.lines.map((credited) => chargeRow(common, credited, invoice));
  const taxes = note.taxes
    .filter(({ behavior }) => behavior !== 'inclusive')
    .map((tax) => plainRow(common, 'Tax', taxText(tax), -parseMoney(tax.amount ?? '0')));
  return [...charges, ...taxes];
}

// The charge was in the invoice's month; it is billed back in the note's.
function correcting({ issued_at, invoice }: FocusNote): Partial<Row> {
  const { from, to } = monthOf(parseInstant(issued_at) ?? 0);
  return {
    BillingPeriodStart: formatInstant(from),
    BillingPeriodEnd: formatInstant(to),
    ChargeClass: 'Correction',
    x_CorrectsInvoice: invoice,
  };
}

// A note moves money only: the usage stays used, so no quantity of it is taken back.
function chargeRow(
  common: Row,
  { line: number, amount }: FocusNote['lines'][number],
  invoice: FocusDocument,
): Row {
  const line = invoice.lines.find((one) => one.line === number);
  if (!line) throw new Error(`${invoice.number} has no line ${number}`);
  const femto = -parseMoney(amount);
  const day = Date.parse(line.from);
  const cost = { line, femto, units: 0n, day, project: null, lineItem: '', pool: null };
  return {
    ...common,
    ...chargeOf(cost),
    ...pricingOf(cost, () => null),
    ChargeClass: 'Correction',
    ChargePeriodStart: line.from,
    ChargePeriodEnd: line.to,
    ConsumedQuantity: '',
    ConsumedUnit: '',
    x_CorrectsInvoice: invoice.number ?? '',
  };
}
