// A line of an invoice as a row of `invoice_line`: the exact sums that it bills, and the ledger of what was billed for its month.
import type { CopyFields } from '#libs/database/copy-fields.js';
import type { InvoiceLine } from '../domain/invoice.js';

export const LINE_COLUMNS = [
  'invoice',
  'organization',
  'line',
  'kind',
  'bills_from',
  'span_from',
  'span_to',
  'amount_femto',
  'amount_minor',
  'model',
  'service_tier',
  'adapter',
  'quantity',
  'units',
  'femto_per_unit',
  'free_femto',
  'catalog_version',
  'override_id',
  'events',
  'digest_a',
  'digest_b',
  'part',
  'above_context',
  'discount_femto',
];

/** Adds the row of a line in the order of LINE_COLUMNS. */
export function putLine(
  to: CopyFields,
  invoice: number,
  organization: string,
  line: InvoiceLine,
): void {
  const { usage } = line;
  to.row()
    .int8(invoice)
    .text(organization)
    .int4(line.line)
    .text(line.kind)
    .int8(line.bills.from)
    .int8(line.from)
    .int8(line.to)
    .numeric(line.amountFemto)
    .numeric(line.amountMinor)
    .text(usage?.model ?? null)
    .text(usage?.serviceTier ?? null)
    .text(usage?.adapter ?? null)
    .text(usage?.quantity ?? null)
    .numeric(usage?.units ?? null)
    .numeric(usage?.femtoPerUnit ?? null)
    .numeric(usage?.freeFemto ?? null)
    .text(usage?.catalogVersion ?? line.fee?.catalogVersion ?? null)
    .text(usage?.overrideId ?? null)
    .bigint(usage?.events ?? null)
    .numeric(usage?.digestA ?? null)
    .numeric(usage?.digestB ?? null)
    .text(usage?.part ?? line.late ?? '')
    .int4(usage?.aboveContext ?? 0)
    .numeric(usage?.discountFemto ?? 0n);
}
