// What becomes of an issued invoice: it is paid, in parts or at once, or it is void.
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { toInstant, toMoney } from '#libs/http/fields.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { decodeCursor, PageQuery, pageOf } from '#libs/http/page.js';
import { notFound } from '#libs/http/problem.js';
import { formatMinor } from '#libs/money/money.js';
import { formatInstant } from '#libs/time/instant.js';
import { minorDigits } from '../domain/currency.js';
import { InvoiceLifeStore } from '../store/invoice-life.store.js';
import { InvoiceStore } from '../store/invoice.store.js';
import { type Payment, type PaymentPlace, PaymentStore } from '../store/payment.store.js';
import type { StoredInvoice } from '../store/stored-invoice.js';
import { PaymentBody, VoidBody } from './invoice-life.dto.js';

@Controller('v1/invoices')
export class InvoiceLifeController {
  constructor(
    private readonly invoices: InvoiceStore,
    private readonly life: InvoiceLifeStore,
    private readonly recorded: PaymentStore,
  ) {}

  /** A payment, whole or in part. The same reference again gives the same answer; 422 `over_payment` above what is due. */
  @Post(':number/payments')
  @RequireScope('billing:write')
  @Idempotent()
  async pay(
    @Param('number') number: string,
    @Body() body: PaymentBody,
    @CurrentCaller() caller: Caller,
  ) {
    await ownInvoice(this.invoices, number, caller);
    const payment = await this.life.pay(number, {
      amountFemto: toMoney(body.amount, '/amount'),
      paidAt: toInstant(body.paid_at, '/paid_at'),
      reference: body.reference,
      ...(body.currency && { currency: body.currency }),
      by: caller.keyId,
    });
    return paymentView(payment);
  }

  /** The payments of an invoice, the first recorded first. */
  @Get(':number/payments')
  @RequireScope('billing:read')
  async payments(
    @Param('number') number: string,
    @Query() { cursor, limit }: PageQuery,
    @CurrentCaller() caller: Caller,
  ) {
    const after = cursor === undefined ? undefined : decodeCursor<PaymentPlace>(cursor, isPlace);
    const invoice = await ownInvoice(this.invoices, number, caller);
    const found = await this.recorded.list(invoice, after, limit + 1);
    const { data, next_cursor } = pageOf(found, limit, ({ recordedAt, id }) => ({
      recordedAt,
      id,
    }));
    return { data: data.map(paymentView), next_cursor };
  }

  /** For good; 409 once anything was paid or credited. The month may be billed again by a new run. */
  @Post(':number/void')
  @RequireScope('billing:write')
  @Idempotent()
  async void(
    @Param('number') number: string,
    @Body() { reason }: VoidBody,
    @CurrentCaller() caller: Caller,
  ) {
    const { organization } = await ownInvoice(this.invoices, number, caller);
    const at = await this.life.void(number, { reason, by: caller.keyId });
    return { number, state: 'void', organization, reason, voided_at: formatInstant(at) };
  }
}

/** Problem 404 `unknown_invoice`, also for another organization's. */
export async function ownInvoice(
  invoices: InvoiceStore,
  number: string,
  caller: Caller,
): Promise<StoredInvoice> {
  const found = await invoices.find(number);
  if (!found || (caller.organization !== null && caller.organization !== found.organization))
    throw notFound('unknown_invoice', `There is no invoice ${number}.`);
  return found;
}

function isPlace(value: unknown): boolean {
  const { recordedAt, id } = (value ?? {}) as Partial<Record<string, unknown>>;
  return Number.isSafeInteger(recordedAt) && typeof id === 'string' && /^pay_\w{1,40}$/.test(id);
}

function paymentView(payment: Payment) {
  const { id, invoice, currency, reference } = payment;
  const amount = (minor: bigint): string => formatMinor(minor, minorDigits(currency));
  return {
    id,
    invoice,
    amount: amount(payment.amountMinor),
    currency,
    paid_at: formatInstant(payment.paidAt),
    reference,
    recorded_at: formatInstant(payment.recordedAt),
    // As it was when the payment was recorded.
    amount_due: amount(payment.dueMinor),
    state: payment.dueMinor === 0n ? 'paid' : 'issued',
  };
}
