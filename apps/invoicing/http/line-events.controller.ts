// The events that a line of an issued invoice is the sum of.
import { Controller, Get, Param, Query } from '@nestjs/common';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { decodeCursor, encodeCursor, PageQuery } from '#libs/http/page.js';
import { notFound, Problem } from '#libs/http/problem.js';
import { formatInstant } from '#libs/time/instant.js';
import { InvoiceStore } from '../store/invoice.store.js';
import { type LineEvent, LineEvents, type LinePlace } from '../store/line-events.js';
import { WantedLines } from '../store/wanted-lines.js';
import { orConflict } from './verification.controller.js';

interface Cursor extends LinePlace {
  readonly of: string;
}

@Controller('v1/invoices')
export class LineEventsController {
  constructor(
    private readonly invoices: InvoiceStore,
    private readonly lines: WantedLines,
    private readonly events: LineEvents,
  ) {}

  /** A page may be short or empty and still have a `next_cursor`: it reads a bounded part of the log. */
  @Get(':number/lines/:line/events')
  @RequireScope('billing:read')
  async list(
    @Param('number') number: string,
    @Param('line') line: string,
    @Query() query: PageQuery,
    @CurrentCaller() caller: Caller,
  ) {
    const known = await this.invoices.find(number);
    if (!known || (caller.organization !== null && caller.organization !== known.organization))
      throw notFound('unknown_invoice', `There is no invoice ${number}.`);
    const of = `${number}/${line}`;
    const place = query.cursor === undefined ? undefined : placeIn(query.cursor, of);
    return orConflict(async () => {
      const found = await this.lines.find(number, /^[1-9]\d{0,8}$/.test(line) ? Number(line) : 0);
      if (found.kind !== 'line') throw refusal(found.kind, number, line);
      if (found.isEmpty) return { data: [], next_cursor: null };
      const { events, next } = await this.events.page(found.line, place, query.limit);
      return { data: events.map(eventView), next_cursor: next && encodeCursor({ ...next, of }) };
    });
  }
}

function refusal(
  kind: 'unknown' | 'not_usage' | 'repriced',
  number: string,
  line: string,
): Problem {
  if (kind === 'unknown') return notFound('unknown_line', `Invoice ${number} has no line ${line}.`);
  if (kind === 'not_usage')
    return new Problem(409, 'not_a_usage_line', `Line ${line} of ${number} charges for no usage.`);
  return new Problem(
    409,
    'repriced_line',
    `Line ${line} of ${number} books another price for usage that was billed before: its events are those of the line that it corrects.`,
  );
}

function placeIn(text: string, of: string): LinePlace {
  const { partition, offset, expected, taken } = decodeCursor<Cursor>(text, (value) => {
    const cursor = (value ?? {}) as Partial<Cursor>;
    const counts = [cursor.partition, cursor.offset, cursor.expected, cursor.taken];
    return cursor.of === of && counts.every((one) => Number.isSafeInteger(one) && Number(one) >= 0);
  });
  return { partition, offset, expected, taken };
}

function eventView({ event, partition, at, units, counted, digest }: LineEvent) {
  return {
    id: event.id,
    source: event.source,
    kind: event.kind,
    time: formatInstant(at),
    position: { topic: USAGE_RECORDED, partition, offset: event.offset },
    quantity: units,
    events: counted,
    digest: digest.map((half) => half.toString(16).padStart(16, '0')).join(''),
  };
}
