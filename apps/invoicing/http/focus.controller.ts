// Issued invoices for tools of FinOps: FOCUS 1.2 as CSV.
import { Readable } from 'node:stream';
import { Controller, Get, Query, Res, StreamableFile } from '@nestjs/common';
import { IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { Describe, IsMonthText, IsOrganizationId, toMonth } from '#libs/http/fields.js';
import type { FocusRow } from '../domain/focus.js';
import { FOCUS_COLUMNS } from '../domain/focus-columns.js';
import { FocusStore } from '../store/focus.store.js';
import { csvRecord } from './csv.js';

export class FocusQuery {
  @Describe('The calendar month (UTC) that the invoices bill')
  @IsMonthText()
  period!: string;

  @Describe('Only of this organization; with a bound key, its own.')
  @IsOptional()
  @IsOrganizationId()
  organization?: string;
}

@Controller('v1/exports/focus')
export class FocusController {
  constructor(private readonly focus: FocusStore) {}

  /**
   * `text/csv`, streamed: BilledCost sums to what is payable on each invoice. Void invoices and months that are not issued have
   * no rows; a connection that ends early is an export that failed.
   */
  @Get()
  @RequireScope('billing:read')
  async export(
    @Query() query: FocusQuery,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { organization = caller.organization } = query;
    if (organization !== null) assertMayRead(caller, organization);
    const period = toMonth(query.period, '?period');
    const name = `focus-${query.period}.csv`;
    void reply.header('content-disposition', `attachment; filename="${name}"`);
    const rows = this.focus.rows(period, organization);
    // What cannot be read at all is a problem document; what breaks later breaks the connection.
    const text = csvOf(await rows.next(), rows);
    return new StreamableFile(Readable.from(text), { type: 'text/csv; charset=utf-8' });
  }
}

async function* csvOf(first: IteratorResult<FocusRow[], void>, rest: AsyncIterable<FocusRow[]>) {
  yield csvRecord(FOCUS_COLUMNS);
  if (first.done) return;
  yield textOf(first.value);
  for await (const rows of rest) yield textOf(rows);
}

function textOf(rows: readonly FocusRow[]): string {
  return rows.map((row) => csvRecord(FOCUS_COLUMNS.map((column) => row[column]))).join('');
}
