// The exact events of one line of an issued invoice, read from `usage.metered` up to the invoice's cut.
import type { MeteredEvent } from '#libs/events/metered-batch.js';
import { quantityHash } from '#libs/events/digest.js';
import type { Quantity } from '#libs/events/quantities.js';
import { USAGE_METERED } from '#libs/events/topics.js';
import { type EventLog, OffsetOutOfRange, type StoredRecord } from '#libs/log/event-log.js';
import { followChain } from '#libs/projection/chain.js';
import { contextOf } from '#libs/rating/context-bounds.js';
import { priceAt, type PriceKey, type Terms } from '#libs/rating/price-book.js';
import { hourOf } from '#libs/time/instant.js';
import { batchOf, CannotReplay, readOrRefuse } from './log-replay.js';

/** Records of `usage.metered` that one page reads at most, whatever it finds in them. */
const MOST_READ = 400;
const READ_AT_ONCE = 50;

/** What decides whether an event is of a line. */
export interface WantedLine extends Omit<PriceKey, 'context'> {
  readonly terms: Terms;
  readonly from: number;
  readonly to: number;
  readonly aboveContext: number;
  /** Raw offsets per partition: `from` ≤ offset < `to`; a partition where they are equal has none. */
  readonly spans: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
}

/** One change of usage that the line is the sum of; a corrected event is two. */
export interface LineEvent {
  readonly event: MeteredEvent;
  readonly partition: number;
  /** Event time, epoch ms. */
  readonly at: number;
  /** Signed units of the line's quantity. */
  readonly units: number;
  /** +1, or −1 for usage taken off. */
  readonly counted: 1 | -1;
  readonly digest: readonly [bigint, bigint];
}

/** Where a page goes on. */
export interface LinePlace {
  readonly partition: number;
  /** Of `usage.metered`. */
  readonly offset: number;
  /** The raw offset that the chain expects there. */
  readonly expected: number;
  /** Changes of that record that earlier pages gave. */
  readonly taken: number;
}

export interface LinePage {
  readonly events: readonly LineEvent[];
  /** null: that was all. A page may be short, or empty, and still not be the last. */
  readonly next: LinePlace | null;
}

export class LineEvents {
  constructor(private readonly log: EventLog) {}

  /** At most `limit` changes from a place on, the first ones when undefined; CannotReplay when the log lacks what the line has. */
  async page(line: WantedLine, from: LinePlace | undefined, limit: number): Promise<LinePage> {
    const events: LineEvent[] = [];
    let read = 0;
    for (let place = from ?? firstOf(line, -1); place !== null;) {
      const to = line.spans[place.partition]?.to ?? 0;
      if (place.expected >= to) {
        place = firstOf(line, place.partition);
        continue;
      }
      if (read >= MOST_READ) return { events, next: place };
      const records = await this.read(place, to);
      read += records.length;
      for (const record of records) {
        const { own, expected } = changesIn(line, place, record);
        const wanted = own.slice(place.taken, place.taken + limit - events.length);
        events.push(...wanted);
        const taken = place.taken + wanted.length;
        if (taken < own.length) return { events, next: { ...place, taken } };
        place = { ...place, offset: record.offset + 1, expected, taken: 0 };
        if (expected >= to) break;
      }
    }
    return { events, next: null };
  }

  private async read({ partition, offset, expected }: LinePlace, to: number) {
    try {
      const options = { maxRecords: READ_AT_ONCE };
      const found = await this.log.read(USAGE_METERED, partition, offset, options);
      if (found.length > 0) return found;
    } catch (error) {
      if (!(error instanceof OffsetOutOfRange)) throw error;
      if (error.low > offset) throw new CannotReplay('log_truncated', `${error.message}.`);
    }
    throw new CannotReplay(
      'log_incomplete',
      `${USAGE_METERED}[${partition}] covers raw offsets up to ${expected}, and the cut is at ${to}.`,
    );
  }
}

/** The start of the next partition after one that has anything; null: there is none. */
function firstOf({ spans }: WantedLine, after: number): LinePlace | null {
  const [partition] = Object.entries(spans)
    .filter(([id, { from, to }]) => Number(id) > after && from < to)
    .map(([id]) => Number(id))
    .toSorted((left, right) => left - right);
  return partition === undefined ? null : { partition, offset: 0, expected: 0, taken: 0 };
}

function changesIn(line: WantedLine, place: LinePlace, record: StoredRecord) {
  const { partition } = place;
  const at = { topic: USAGE_METERED, partition };
  const { events, expected } = readOrRefuse(() => followChain(place.expected, batchOf(at, record)));
  const span = line.spans[partition] ?? { from: 0, to: 0 };
  const own = events
    .filter(({ organization }) => organization === line.terms.account.id)
    .filter(({ offset }) => offset >= span.from && offset < span.to)
    .flatMap((event) => changesOf(line, partition, event));
  return { own, expected };
}

// As the line was rated: by the hour of the event, and by the price row that its input length falls under.
function changesOf(line: WantedLine, partition: number, event: MeteredEvent): LineEvent[] {
  const { model, serviceTier, adapter, quantity, terms } = line;
  return event.deltas.flatMap((delta) => {
    const units = delta.quantities[quantity] ?? 0;
    const hour = hourOf(delta.at);
    if (units === 0 || hour < line.from || hour >= line.to) return [];
    if (delta.model !== model || delta.serviceTier !== serviceTier) return [];
    if ((delta.adapter ?? '') !== (adapter ?? '')) return [];
    const key = { model, serviceTier, adapter, quantity, context: contextOf(delta.quantities) };
    if (priceAt(terms, key, hour)?.aboveContext !== line.aboveContext) return [];
    const digest = quantityHash(event.key, quantity satisfies Quantity, units);
    return [{ event, partition, at: delta.at, units, counted: delta.requests, digest }];
  });
}
