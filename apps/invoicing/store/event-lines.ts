// The way back from an event to the lines of issued invoices that it is on: the inverse of line-events.ts.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { UsageDelta } from '#libs/events/metered-event.js';
import type { Quantity } from '#libs/events/quantities.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { contextOf } from '#libs/rating/context-bounds.js';
import { hourOf } from '#libs/time/instant.js';
import { monthOf } from '#libs/time/month.js';

/** An event's place in `usage.recorded`, and the changes of usage that it booked. */
export interface BookedEvent {
  readonly organization: string;
  readonly partition: number;
  readonly offset: number;
  readonly deltas: readonly UsageDelta[];
}

/** What an event adds to a line: signed units of the line's pool. */
export interface LineOfEvent {
  readonly number: string;
  readonly line: number;
  readonly kind: string;
  readonly pool: Quantity;
  readonly quantity: number;
}

// Of a month, the first invoice with usage of it whose cut is beyond the event; of a charge in parts, the part that has the events;
// by input length, the row of the highest bound that the event exceeds: had it another, its line would be there.
const LINES = `
  SELECT found.number, found.line, found.kind, wanted.pool, wanted.units
  FROM unnest($4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[],
    $11::bigint[]) AS wanted (month, hour, model, tier, adapter, pool, context, units)
  CROSS JOIN LATERAL (
    SELECT i.id, i.number FROM invoice i
    WHERE i.organization = $1 AND i.state <> 'void'
      AND i.period_from >= wanted.month
      AND (i.document::json->'cut'->'${USAGE_RECORDED}'->>$2)::numeric > $3
      AND EXISTS (SELECT FROM invoice_line l WHERE l.invoice = i.id
        AND l.bills_from = wanted.month AND l.model IS NOT NULL)
    ORDER BY i.id LIMIT 1) AS billed
  CROSS JOIN LATERAL (
    SELECT billed.number, l.line, l.kind FROM invoice_line l
    WHERE l.invoice = billed.id AND l.bills_from = wanted.month AND l.model = wanted.model
      AND l.service_tier = wanted.tier AND coalesce(l.adapter, '') = wanted.adapter
      AND l.quantity = wanted.pool AND l.span_from <= wanted.hour AND wanted.hour < l.span_to
      AND l.above_context <= wanted.context
    ORDER BY l.above_context DESC, (l.digest_a, l.digest_b) = (0, 0), l.line LIMIT 1) AS found
  ORDER BY billed.id, found.line`;

export class EventLines {
  constructor(private readonly source: DataSource) {}

  /** By invoice and line; empty while the event is on no issued invoice, or nothing of it is left to charge. */
  async of({ organization, partition, offset, deltas }: BookedEvent): Promise<LineOfEvent[]> {
    const wanted = deltas.flatMap(changesOf);
    if (wanted.length === 0) return [];
    const columns = (wanted[0] ?? []).map((_, index) => wanted.map((row) => row[index]));
    const found = await rows<Omit<LineOfEvent, 'quantity'> & { units: string }>(
      this.source,
      LINES,
      [organization, String(partition), offset, ...columns],
    );
    return summed(found.map(({ units, ...line }) => ({ ...line, quantity: Number(units) })));
  }
}

function changesOf(delta: UsageDelta): (string | number)[][] {
  const { model, serviceTier, adapter, quantities } = delta;
  const hour = hourOf(delta.at);
  const names = [monthOf(hour).from, hour, model, serviceTier, adapter ?? ''];
  const context = contextOf(quantities);
  return Object.entries(quantities)
    .filter(([pool, units]) => pool !== 'requests' && units !== 0)
    .map(([pool, units]) => [...names, pool, context, units]);
}

// A correction takes off and puts on; both are often of one line.
function summed(found: readonly LineOfEvent[]): LineOfEvent[] {
  const lines = new Map<string, LineOfEvent>();
  for (const one of found) {
    const name = `${one.number}/${one.line}`;
    const quantity = (lines.get(name)?.quantity ?? 0) + one.quantity;
    lines.set(name, { ...one, quantity });
  }
  return [...lines.values()];
}
