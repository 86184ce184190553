// Payments and voids of issued invoices, one at a time per invoice: the row is locked, so two at once never exceed it.
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { invalidField, Problem } from '#libs/http/problem.js';
import { formatExact, formatMinor } from '#libs/money/money.js';
import { announce } from '#libs/outbox/announcement.store.js';
import { type Clock, formatInstant } from '#libs/time/instant.js';
import { announcementOf } from '../domain/billing-events.js';
import { minorDigits } from '../domain/currency.js';
import { amountDue, exactMinor } from '../domain/standing.js';
import { type LockedInvoice, lockInvoice, tellPaid } from './locked-invoice.js';
import { insertPayment, type Payment, paymentOf } from './payment.store.js';
import { assertNotAdjusted, assertVoidable } from './voidable.js';

/** A payment as it is asked for: money in femto-units, instants in epoch ms, `by` the id of the key. */
export interface PaymentAsk {
  readonly amountFemto: bigint;
  readonly paidAt: number;
  readonly reference: string;
  /** The currency that the payer meant, where told. */
  readonly currency?: string;
  readonly by: string;
}

export class InvoiceLifeStore {
  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Records a payment, or gives the one that has its reference. Problem 409 `reference_conflict`, `invoice_void`; 422
   * `over_payment`, `wrong_currency`; 400 for an amount that the currency cannot say.
   */
  async pay(number: string, ask: PaymentAsk): Promise<Payment> {
    return this.source.transaction(async (tx) => {
      const invoice = await lockInvoice(tx, number);
      const { currency } = invoice.document;
      assertCurrency(invoice, ask.currency);
      const amountMinor = exactMinor(ask.amountFemto, minorDigits(currency));
      if (amountMinor === undefined || amountMinor <= 0n)
        throw invalidField(
          '/amount',
          `must be above zero, with at most ${minorDigits(currency)} decimal places in ${currency}`,
        );
      const earlier = await paymentOf(tx, invoice, ask.reference);
      if (earlier) return sameOrConflict(earlier, amountMinor, ask);
      const dueMinor = leftAfter(invoice, amountMinor, ask.amountFemto);
      const payment: Payment = {
        id: `pay_${randomUUID().replaceAll('-', '')}`,
        invoice: number,
        currency,
        amountMinor,
        dueMinor,
        paidAt: ask.paidAt,
        reference: ask.reference,
        recordedAt: this.clock(),
      };
      await insertPayment(tx, payment, ask.by);
      if (dueMinor === 0n) await tellPaid(tx, invoice, payment.recordedAt);
      return payment;
    });
  }

  /**
   * Makes an invoice void, for good; its month may be billed again. Gives when. Problem 409 `invoice_void`, `invoice_paid`,
   * `has_credit_notes`, `has_adjustments`.
   */
  async void(
    number: string,
    { reason, by }: { readonly reason: string; readonly by: string },
  ): Promise<number> {
    return this.source.transaction(async (tx) => {
      const invoice = await lockInvoice(tx, number);
      assertVoidable(invoice);
      await assertNotAdjusted(tx, invoice);
      const at = this.clock();
      await tx.query('INSERT INTO invoice_void VALUES ($1, $2, $3, $4)', [number, reason, at, by]);
      await tx.query(`UPDATE invoice SET state = 'void' WHERE number = $1`, [number]);
      const { total, currency, period } = invoice.document;
      const { organization } = invoice;
      const data = {
        number,
        state: 'void',
        organization,
        period,
        currency,
        total,
        amount_due: formatMinor(0n, minorDigits(currency)),
        reason,
        voided_at: formatInstant(at),
      };
      await announce(tx, [
        announcementOf({ type: 'invoice.voided', fact: number, organization, at, data }),
      ]);
      return at;
    });
  }
}

function assertCurrency({ number, document }: LockedInvoice, told: string | undefined): void {
  if (told === undefined || told === document.currency) return;
  const detail = `${number} is in ${document.currency}, and is paid in it`;
  throw new Problem(422, 'wrong_currency', `/currency: ${detail}`, {
    errors: [{ pointer: '/currency', code: 'wrong_currency', detail }],
  });
}

function leftAfter(invoice: LockedInvoice, amountMinor: bigint, femto: bigint): bigint {
  const { number, standing, issuedMinor, document } = invoice;
  if (standing.state === 'void')
    throw new Problem(409, 'invoice_void', `${number} is void: nothing is due.`);
  const due = amountDue(issuedMinor, standing);
  if (amountMinor <= due) return due - amountMinor;
  const left = formatMinor(due, minorDigits(document.currency));
  const detail = `${formatExact(femto)} is more than the ${left} ${document.currency} that are due`;
  throw new Problem(422, 'over_payment', `/amount: ${detail}`, {
    errors: [{ pointer: '/amount', code: 'over_payment', detail }],
  });
}

function sameOrConflict(earlier: Payment, amountMinor: bigint, ask: PaymentAsk): Payment {
  if (earlier.amountMinor === amountMinor && earlier.paidAt === ask.paidAt) return earlier;
  throw new Problem(
    409,
    'reference_conflict',
    `${earlier.invoice} has another payment with the reference ${ask.reference}.`,
  );
}
