// Issued invoices, as they were written when they were issued, with what became of them since.
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { notFound } from '#libs/http/problem.js';
import { parseExact } from '../domain/count.js';
import { type StandingDocument, withStanding } from '../domain/standing.js';
import { InvoiceStore } from '../store/invoice.store.js';
import { negotiate } from './accept.js';
import { DocumentPrinter, PDF_TYPE } from './document-printer.js';
import { invoiceCsv } from './invoice-csv.js';
import { InvoiceLists } from './invoice-lists.js';
import { InvoicesQuery } from './invoices.dto.js';

const JSON_TYPE = 'application/json';
const CSV_TYPE = 'text/csv';

@Controller('v1/invoices')
export class InvoicesController {
  constructor(
    private readonly invoices: InvoiceStore,
    private readonly lists: InvoiceLists,
    private readonly printer: DocumentPrinter,
  ) {}

  /** The last issued first; whole documents. Those with a number unless `state` is `parked` or `draft`. */
  @Get()
  @RequireScope('billing:read')
  async list(
    @Query() query: InvoicesQuery,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (query.organization !== undefined) assertMayRead(caller, query.organization);
    const page = await this.lists.page(query, query.organization ?? caller.organization);
    void reply.type(`${JSON_TYPE}; charset=utf-8`);
    return page;
  }

  /** JSON, `text/csv` or `application/pdf`, by `Accept`; the PDF in English or Arabic, by `Accept-Language`. */
  @Get(':number')
  @RequireScope('billing:read')
  async one(
    @Param('number') number: string,
    @Headers() wanted: { readonly accept?: string; readonly 'accept-language'?: string },
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const found = await this.invoices.find(number);
    if (!found || (caller.organization !== null && caller.organization !== found.organization))
      throw notFound('unknown_invoice', `There is no invoice ${number}.`);
    const type = negotiate(wanted.accept, [JSON_TYPE, CSV_TYPE, PDF_TYPE]);
    const text = withStanding(found.document, found.standing);
    if (type === PDF_TYPE) {
      const document = parseExact(text) as StandingDocument;
      const { paid: amount_paid = '0', credited: amount_credited = '0' } = document;
      const printable = { ...document, amount_paid, amount_credited };
      return this.printer.answer(printable, wanted['accept-language'], reply);
    }
    void reply.type(`${type}; charset=utf-8`).header('vary', 'accept');
    if (type === JSON_TYPE) return Buffer.from(text);
    void reply.header('content-disposition', `attachment; filename="${found.number}.csv"`);
    return Buffer.from(invoiceCsv(parseExact(text) as StandingDocument));
  }
}
