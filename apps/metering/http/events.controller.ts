// What became of one event.
import { Controller, Get, Query } from '@nestjs/common';
import { type Caller, CurrentCaller, organizationOf, RequireScope } from '#libs/http/auth.js';
import { notFound } from '#libs/http/problem.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { bookedBy } from '../domain/event-state.js';
import { EventQueryStore } from '../store/event-query.store.js';
import { InvoiceLines } from '../store/invoice-lines.js';
import { RejectedQueryStore } from '../store/rejected-query.store.js';
import { EventQuery } from './events.dto.js';
import { countedEventView, rejectedEventView } from './events.view.js';

@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly events: EventQueryStore,
    private readonly rejected: RejectedQueryStore,
    private readonly positions: PositionStore,
    private readonly invoiceLines: InvoiceLines,
  ) {}

  /**
   * Where it is in the log, what it says there, its copies and its corrections, and the lines of issued invoices that it is on:
   * `invoice_line` is the first of `invoice_lines`, one for each of its pools that is charged. 404 `unknown_event` also for one whose identity
   * was dropped: ids that carry a time are kept until nothing so old is accepted any more.
   */
  @Get()
  @RequireScope('usage:read')
  async find(@Query() query: EventQuery, @CurrentCaller() caller: Caller) {
    const organization = organizationOf(caller, query.organization);
    const { source, id } = query;
    const name = { organization, source, id };
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const found = await this.events.find(name);
    const rejected = await this.rejected.ofEvent(organization, source, id);
    if (found) {
      const terms = await this.events.termsOf(organization);
      const lines = await this.invoiceLines.of(organization, found.position, bookedBy(found));
      return { ...countedEventView(name, found, { terms, rejected, lines }), as_of };
    }
    if (rejected.length > 0) return { ...rejectedEventView(name, rejected), as_of };
    throw notFound('unknown_event', `No event ${id} of ${source} is known of ${organization}.`);
  }
}
