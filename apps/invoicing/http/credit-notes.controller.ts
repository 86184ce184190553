// Credit notes of issued invoices: issued, listed and read, as JSON or PDF.
import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { notFound } from '#libs/http/problem.js';
import { parseExact } from '../domain/count.js';
import type { CreditNoteDocument } from '../domain/credit-note.js';
import { CreditNoteStore } from '../store/credit-note.store.js';
import { InvoiceStore } from '../store/invoice.store.js';
import { negotiate } from './accept.js';
import { creditLines } from './credit-lines.js';
import { CreditNoteBody, CreditNotesQuery } from './credit-notes.dto.js';
import { DocumentPrinter, PDF_TYPE } from './document-printer.js';
import { ownInvoice } from './invoice-life.controller.js';
import { storedCursor, storedPage } from './stored-page.js';

const JSON_TYPE = 'application/json';

@Controller('v1')
export class CreditNotesController {
  constructor(
    private readonly invoices: InvoiceStore,
    private readonly notes: CreditNoteStore,
    private readonly printer: DocumentPrinter,
  ) {}

  /** The note as it is issued; 422 names the line's field above what is left of it. */
  @Post('invoices/:number/credit-notes')
  @RequireScope('billing:write')
  @Idempotent()
  async issue(
    @Param('number') number: string,
    @Body() { lines, reason }: CreditNoteBody,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await ownInvoice(this.invoices, number, caller);
    const ask = { lines: creditLines(lines), reason, by: caller.keyId };
    const text = await this.notes.issue(number, ask);
    const document = parseExact(text) as CreditNoteDocument;
    void reply.header('location', `/v1/credit-notes/${document.number}`);
    return document;
  }

  /** The last issued first; whole documents. */
  @Get('credit-notes')
  @RequireScope('billing:read')
  async list(
    @Query() query: CreditNotesQuery,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (query.organization !== undefined) assertMayRead(caller, query.organization);
    const organization = query.organization ?? caller.organization;
    const filter = {
      ...(organization !== null && { organization }),
      ...(query.invoice !== undefined && { invoice: query.invoice }),
      ...(query.cursor !== undefined && { before: storedCursor(query.cursor) }),
    };
    const found = await this.notes.list(filter, query.limit + 1);
    void reply.type(`${JSON_TYPE}; charset=utf-8`);
    return storedPage(
      found.map(({ id, document: text }) => ({ id, text })),
      query.limit,
    );
  }

  /** JSON or `application/pdf`, by `Accept`; the PDF in English or Arabic, by `Accept-Language`. */
  @Get('credit-notes/:number')
  @RequireScope('billing:read')
  async one(
    @Param('number') number: string,
    @Headers() wanted: { readonly accept?: string; readonly 'accept-language'?: string },
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const found = await this.notes.find(number);
    if (!found || (caller.organization !== null && caller.organization !== found.organization))
      throw notFound('unknown_credit_note', `There is no credit note ${number}.`);
    const type = negotiate(wanted.accept, [JSON_TYPE, PDF_TYPE]);
    if (type === PDF_TYPE) {
      const document = parseExact(found.document) as CreditNoteDocument;
      return this.printer.answer(document, wanted['accept-language'], reply);
    }
    void reply.type(`${type}; charset=utf-8`).header('vary', 'accept');
    return Buffer.from(found.document);
  }
}
