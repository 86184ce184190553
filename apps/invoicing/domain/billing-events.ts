// What `billing.events` tells of an invoice: enough to act on without asking, with the number to ask by.
import { hash } from 'node:crypto';
import {
  type BillingEvent,
  type BillingEventType,
  encodeBillingEvent,
} from '#libs/events/billing-event.js';
import { BILLING_EVENTS } from '#libs/events/topics.js';
import { formatExact, formatMinor } from '#libs/money/money.js';
import { formatInstant } from '#libs/time/instant.js';
import type { Invoice, InvoiceLine } from './invoice.js';
import type { InvoiceDocument, Issue } from './invoice-document.js';

/** A fact to tell; `fact` names what it is about (`MB-2026-000017`), once and for all, `at` is epoch ms. */
export interface Told {
  readonly type: BillingEventType;
  readonly fact: string;
  readonly organization: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The event with its id: the same fact has the same id whenever it is told again. */
export function billingEvent({ type, fact, organization, at, data }: Told): BillingEvent {
  const digest = hash('sha256', `${type}/${fact}`, 'hex').slice(0, 32);
  return {
    version: 1,
    id: `evt_${digest}`,
    type,
    organization,
    timestamp: formatInstant(at),
    data,
  };
}

/** The event as the outbox takes it (libs/outbox), keyed by organization. */
export function announcementOf(told: Told) {
  const event = billingEvent(told);
  const { id, organization: key } = event;
  return {
    id,
    topic: BILLING_EVENTS,
    key,
    value: encodeBillingEvent(event),
    recordedAt: told.at,
  };
}

/** `invoice.parked`, once per set of figures; `id` names the parked draft, `at` is epoch ms. */
export function invoiceParked(
  { account, period, currency, digits, totalMinor }: Invoice,
  { id, reason, detail, at }: Readonly<Record<'id' | 'reason' | 'detail', string>> & { at: number },
): Told {
  return {
    type: 'invoice.parked',
    fact: id,
    organization: account.id,
    at,
    data: {
      id,
      reason,
      detail,
      state: 'parked',
      organization: account.id,
      period: { from: formatInstant(period.from), to: formatInstant(period.to) },
      currency,
      total: formatMinor(totalMinor, digits),
    },
  };
}

/** `invoice.released`, once per parked draft; `document` is what was parked, `by` says who let it go, when (epoch ms) and why. */
export function invoiceReleased(
  { id, document }: { readonly id: string; readonly document: string },
  by: { readonly caller: string; readonly reason: string; readonly at: number },
): Told {
  const { organization, period, currency, total } = JSON.parse(document) as InvoiceDocument;
  return {
    type: 'invoice.released',
    fact: id,
    organization,
    at: by.at,
    data: {
      id,
      state: 'parked',
      organization,
      period,
      currency,
      total,
      released_at: formatInstant(by.at),
      released_by: by.caller,
      release_reason: by.reason,
    },
  };
}

/** `invoice.issued`, once per number. */
export function invoiceIssued(
  invoice: Invoice,
  issue: Issue & { readonly issuedAt: number },
): Told {
  const { account, period, currency, digits } = invoice;
  const number = issue.number as string;
  return {
    type: 'invoice.issued',
    fact: number,
    organization: account.id,
    at: issue.issuedAt,
    data: {
      number,
      state: issue.state,
      organization: account.id,
      period: { from: formatInstant(period.from), to: formatInstant(period.to) },
      currency,
      issued_at: formatInstant(issue.issuedAt),
      due_at: issue.dueAt === null ? null : formatInstant(issue.dueAt),
      total: formatMinor(invoice.totalMinor, digits),
      amount_due: formatMinor(invoice.dueMinor, digits),
    },
  };
}

/** `adjustment.booked`, once per invoice and closed month that it adjusts: what comes to it, exact and as it is rounded on the lines. */
export function adjustmentsBooked(
  { account, lines, currency, digits }: Invoice,
  { number, issuedAt }: { readonly number: string; readonly issuedAt: number },
): Told[] {
  const late = lines.filter(({ kind }) => kind === 'adjustment');
  return [...Map.groupBy(late, ({ bills }) => bills.from).values()].map((own) => {
    const [{ bills, corrects }] = own as [InvoiceLine];
    const sum = (of: (line: InvoiceLine) => bigint): bigint =>
      own.reduce((all, line) => all + of(line), 0n);
    return {
      type: 'adjustment.booked',
      fact: `${number}/${bills.from}`,
      organization: account.id,
      at: issuedAt,
      data: {
        number,
        organization: account.id,
        adjusts: {
          period: { from: formatInstant(bills.from), to: formatInstant(bills.to) },
          number: corrects,
        },
        currency,
        lines: own.map(({ line }) => line),
        amount_exact: formatExact(sum(({ amountFemto }) => amountFemto)),
        amount: formatMinor(
          sum(({ amountMinor }) => amountMinor),
          digits,
        ),
      },
    };
  });
}
