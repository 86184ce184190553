import {
  decodeMetered,
  encodeMetered,
  type MeteredBatch,
  type MeteredEvent,
} from '#libs/events/metered-batch.js';
import { encodeRanges } from './metered-ranges.js';

const event = (offset: number): MeteredEvent => ({ offset, key: 'f'.repeat(32) }) as MeteredEvent;
const batch: MeteredBatch = {
  version: 1,
  partition: 2,
  from: 10,
  to: 20,
  events: [11, 12, 14, 19].map(event),
};

describe('metered ranges', () => {
  it('are one record while it fits', () => {
    expect(encodeRanges(batch).map(decodeMetered)).toEqual([batch]);
  });

  it('are written as the vocabulary writes them', () => {
    expect(encodeRanges(batch)).toEqual([encodeMetered(batch)]);
    const empty = { ...batch, events: [] };
    expect(encodeRanges(empty)).toEqual([encodeMetered(empty)]);
  });

  it('stay within the limit, counted in bytes', () => {
    const wide = {
      ...batch,
      events: [11, 12, 14, 19].map((at) => ({ ...event(at), id: 'ü'.repeat(40) })),
    };
    const parts = encodeRanges(wide, 400);
    expect(parts.length).toBe(2);
    expect(parts.every(({ length }) => length < 400 + 60)).toBe(true);
  });

  it('cover the range without hole or overlap when they are split', () => {
    const parts = encodeRanges(batch, 150).map(decodeMetered);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts[0]?.from).toBe(10);
    expect(parts.at(-1)?.to).toBe(20);
    parts.slice(1).forEach((part, index) => expect(part.from).toBe(parts[index]?.to));
    expect(parts.flatMap(({ events }) => events)).toEqual(batch.events);
    for (const { from, to, events } of parts)
      expect(events.every(({ offset }) => offset >= from && offset < to)).toBe(true);
  });
});
