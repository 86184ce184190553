// The live draft of a month: what its invoice would be if it were issued now.
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { toMonth } from '#libs/http/fields.js';
import { notFound, Problem } from '#libs/http/problem.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { formatMonth, monthOf } from '#libs/time/month.js';
import { DRAFT, invoiceDocument, suspenseDocument } from '../domain/invoice-document.js';
import { parseExact } from '../domain/count.js';
import type { PrintableDocument } from '../domain/printed-document.js';
import { BasisStore } from '../store/basis.store.js';
import { negotiate } from './accept.js';
import { BillingClock } from './billing-clock.js';
import { DocumentPrinter, PDF_TYPE } from './document-printer.js';
import { UpcomingQuery } from './invoices.dto.js';

@Controller('v1/organizations/:id/upcoming-invoice')
export class UpcomingInvoiceController {
  constructor(
    private readonly basis: BasisStore,
    private readonly positions: PositionStore,
    private readonly time: BillingClock,
    private readonly printer: DocumentPrinter,
  ) {}

  /** As JSON or `application/pdf`. 409 `already_issued` with the number when the month's invoice is there; usage without a price is listed in `suspense`. */
  @Get()
  @RequireScope('billing:read')
  async upcoming(
    @Param('id') id: string,
    @Query() query: UpcomingQuery,
    @CurrentCaller() caller: Caller,
    @Headers() wanted: { readonly accept?: string; readonly 'accept-language'?: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    assertMayRead(caller, id);
    const { period: month } = query;
    const period = month === undefined ? monthOf(this.time.now()) : toMonth(month, '?period');
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const { draft, issued, isBilledLater } = await this.basis.read(id, period);
    if (issued)
      throw new Problem(
        409,
        'already_issued',
        `${formatMonth(period)} of ${id} is invoice ${issued.number}; what comes late is on the next one.`,
        { members: { number: issued.number } },
      );
    if (!draft) throw notFound('unknown_organization', `There is no organization ${id}.`);
    if (isBilledLater)
      throw new Problem(
        409,
        'billed_later',
        `${formatMonth(period)} of ${id} was closed with nothing to bill; its usage is on a later invoice.`,
      );
    const type = negotiate(wanted.accept, ['application/json', PDF_TYPE]);
    const suspense = draft.suspense.map(suspenseDocument);
    const document = { ...invoiceDocument(draft, DRAFT), suspense };
    void reply.header('vary', 'accept');
    if (type === PDF_TYPE) {
      const plain = parseExact(JSON.stringify(document)) as PrintableDocument;
      return this.printer.answer(plain, wanted['accept-language'], reply);
    }
    return { ...document, as_of };
  }
}
