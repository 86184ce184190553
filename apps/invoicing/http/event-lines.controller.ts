// Which lines of issued invoices an event is on: the question that metering asks for its own door of events.
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ArrayMaxSize, IsArray } from 'class-validator';
import type { UsageDelta } from '#libs/events/metered-event.js';
import { QUANTITIES } from '#libs/events/quantities.js';
import { RequireScope } from '#libs/http/auth.js';
import { Describe, IsCount, IsOrganizationId } from '#libs/http/fields.js';
import { type FieldError, invalidRequest } from '#libs/http/problem.js';
import { EventLines } from '../store/event-lines.js';

export class EventLinesBody {
  @IsOrganizationId()
  organization!: string;

  @Describe('Of `usage.recorded`, where the event is')
  @IsCount()
  partition!: number;

  @IsCount()
  offset!: number;

  @Describe(
    'Each `{at, model, service_tier, adapter, quantities: {pool: units}}`: what the event booked',
  )
  @IsArray()
  @ArrayMaxSize(1_000)
  deltas!: unknown[];
}

@Controller('ops/event-lines')
@RequireScope('ops')
export class EventLinesController {
  constructor(private readonly lines: EventLines) {}

  /** By invoice and line; empty while the event is on no issued invoice. */
  @Post()
  @HttpCode(200)
  async find(@Body() { deltas, ...event }: EventLinesBody) {
    return { data: await this.lines.of({ ...event, deltas: deltas.map(deltaIn) }) };
  }
}

function deltaIn(given: unknown, index: number): UsageDelta {
  const { at, model, service_tier, adapter, quantities } = (given ?? {}) as Record<string, unknown>;
  const texts = [model, service_tier, adapter ?? ''];
  const units = Object.entries(quantities ?? {});
  const faults = [
    Number.isSafeInteger(at) || fault(index, 'at', 'must be an instant in epoch ms'),
    texts.every(isName) || fault(index, 'model', 'model, service_tier and adapter must be names'),
    units.every(isPool) || fault(index, 'quantities', 'must be whole numbers by pool'),
  ].filter((one) => one !== true);
  if (faults.length > 0) throw invalidRequest(faults);
  const names = { model, serviceTier: service_tier, adapter: adapter ?? null };
  return { at, ...names, quantities } as UsageDelta;
}

function isName(text: unknown): boolean {
  return typeof text === 'string' && /^\P{Cc}{0,256}$/u.test(text);
}

function isPool([name, units]: [string, unknown]): boolean {
  return (QUANTITIES as readonly string[]).includes(name) && Number.isSafeInteger(units);
}

function fault(index: number, field: string, detail: string): FieldError {
  return { pointer: `/deltas/${index}/${field}`, code: 'invalid_value', detail };
}
