// An invoice in the one shape of the HTTP contract. The text made of it when the invoice is issued is what is stored, and what is
// served from then on, byte for byte.
import type { CreditBurn } from '#libs/rating/credit-burn.js';
import type { RatedLine, Unpriced } from '#libs/rating/rate-month.js';
import { formatExact, formatMinor, formatPricePerMillion } from '#libs/money/money.js';
import { formatInstant } from '#libs/time/instant.js';
import type { Period } from '#libs/time/month.js';
import { count } from './count.js';
import type { Invoice, InvoiceLine } from './invoice.js';
import type { InvoiceTax } from './tax.js';
import type { Seller } from './printed-document.js';
import { unitOf } from './unit.js';

export type InvoiceState = 'draft' | 'parked' | 'issued' | 'paid' | 'void';

/** What becomes of an invoice beside its sums; instants in epoch ms, null for a draft. */
export interface Issue {
  readonly number: string | null;
  readonly state: InvoiceState;
  readonly issuedAt: number | null;
  readonly dueAt: number | null;
  /** Who issues; of a draft, and of documents from before it was kept, undefined. */
  readonly seller?: Seller | undefined;
}

export const DRAFT: Issue = { number: null, state: 'draft', issuedAt: null, dueAt: null };

export type InvoiceDocument = ReturnType<typeof invoiceDocument>;
export type LineDocument = InvoiceDocument['lines'][number];

/** The document: money as decimal strings, counts as JSON integers, instants as RFC 3339. */
export function invoiceDocument(invoice: Invoice, issue: Issue) {
  const { account, digits } = invoice;
  const amount = (minor: bigint): string => formatMinor(minor, digits);
  return {
    number: issue.number,
    state: issue.state,
    organization: account.id,
    ...(issue.seller && { seller: sellerDocument(issue.seller) }),
    bill_to: billTo(invoice),
    period: range(invoice.period),
    currency: invoice.currency,
    issued_at: instant(issue.issuedAt),
    due_at: instant(issue.dueAt),
    lines: invoice.lines.map((line, index) => lineDocument(invoice, line, index)),
    subtotal_exact: formatExact(invoice.subtotalFemto),
    subtotal: amount(invoice.subtotalMinor),
    taxes: invoice.taxes.map((tax) => taxDocument(tax, digits)),
    credits_applied: amount(invoice.creditsMinor),
    ...(invoice.credits.length > 0 && {
      credits: invoice.credits.map((burn) => burnDocument(burn, digits)),
    }),
    total: amount(invoice.totalMinor),
    amount_due: amount(invoice.dueMinor),
    cut: invoice.cut,
  };
}

/** Usage without a price as a draft lists it: counted, and charged only once a price for it is published. */
export function suspenseDocument(unpriced: Unpriced) {
  return {
    model: unpriced.model,
    service_tier: unpriced.serviceTier,
    adapter: unpriced.adapter,
    pool: unpriced.quantity,
    from: formatInstant(unpriced.from),
    to: formatInstant(unpriced.to),
    quantity: count(unpriced.units),
    unit: unitOf(unpriced.quantity),
    events: count(unpriced.events),
    reason: 'no_price',
  };
}

/** A rate as the invoice charges it; `note` is to be printed where it is not charged. */
function taxDocument({ rate, taxableMinor, amountMinor }: InvoiceTax, digits: number) {
  const { name, percent, jurisdiction, behavior, exemption } = rate;
  return {
    name,
    jurisdiction,
    percent,
    behavior,
    taxable: formatMinor(taxableMinor, digits),
    amount: formatMinor(amountMinor, digits),
    exemption: exemption && { kind: exemption.kind, reason: exemption.reason },
  };
}

function burnDocument({ credit, amountMinor, leftMinor }: CreditBurn, digits: number) {
  return {
    credit: credit.id,
    note: credit.note,
    expires_at: instant(credit.expiresAt),
    amount: formatMinor(amountMinor, digits),
    left: formatMinor(leftMinor, digits),
  };
}

// Of a line that is taxed: its share of each rate.
function lineTaxes({ taxes, digits }: Invoice, index: number) {
  return taxes.flatMap(({ rate, shares }) => {
    const share = shares[index];
    if (share === null || share === undefined) return [];
    const { name, jurisdiction, percent } = rate;
    return [{ name, jurisdiction, percent, amount: formatMinor(share, digits) }];
  });
}

function lineDocument(invoice: Invoice, line: InvoiceLine, index: number) {
  const { usage, fee } = line;
  const taxes = lineTaxes(invoice, index);
  return {
    line: line.line,
    kind: line.kind,
    description: line.description,
    model: usage?.model ?? null,
    service_tier: usage?.serviceTier ?? null,
    adapter: usage?.adapter ?? null,
    pool: usage?.quantity ?? null,
    from: formatInstant(line.from),
    to: formatInstant(line.to),
    quantity: usage && count(usage.units),
    unit: usage && unitOf(usage.quantity),
    price_per_million:
      usage?.femtoPerUnit == null ? null : formatPricePerMillion(usage.femtoPerUnit),
    part: usage?.part || null,
    above_context: usage?.aboveContext || null,
    amount_exact: formatExact(line.amountFemto),
    amount: formatMinor(line.amountMinor, invoice.digits),
    ...(taxes.length > 0 && { taxes }),
    catalog_version: usage?.catalogVersion ?? fee?.catalogVersion ?? null,
    override_id: usage?.overrideId ?? null,
    tier: fee?.tier ?? null,
    events: usage && count(usage.events),
    digest: usage && digestText(usage),
    adjusts:
      line.kind === 'adjustment' ? { period: range(line.bills), number: line.corrects } : null,
  };
}

/** As it was when the document was issued, whatever the environment says later. */
export function sellerDocument(seller: Seller) {
  const { name, legal_name = null, email = null, address = null, tax_ids = [] } = seller;
  return { name, legal_name, email, address, tax_ids };
}

// As it was when the invoice was issued: a later change of address is no change of this document.
function billTo({ account: { profile } }: Invoice) {
  return {
    name: profile.name,
    legal_name: profile.legalName,
    email: profile.email,
    address: profile.address,
    tax_ids: profile.taxIds,
  };
}

/** 32 hex digits: the two sums modulo 2^64, one after the other. */
function digestText({ digestA, digestB }: RatedLine): string {
  return [digestA, digestB].map((half) => half.toString(16).padStart(16, '0')).join('');
}

function range({ from, to }: Period) {
  return { from: formatInstant(from), to: formatInstant(to) };
}

function instant(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}
