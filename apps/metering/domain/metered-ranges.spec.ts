import {
  decodeMetered,
  encodeMetered,
  type MeteredBatch,
  type MeteredEvent,
  type UsageDelta,
} from '#libs/events/metered-batch.js';
import { encodeRanges } from './metered-ranges.js';

const delta: UsageDelta = {
  at: 1_764_000_000_000,
  model: 'm',
  project: null,
  apiKey: 'k',
  serviceTier: 'batch',
  adapter: null,
  user: null,
  requests: 1,
  quantities: { output: 1, input: 2 },
};
const event = (offset: number): MeteredEvent => ({
  offset,
  key: 'f'.repeat(32),
  kind: 'recorded',
  source: '//eu/node',
  id: `id-${offset}`,
  organization: 'org_a',
  reservation: null,
  deltas: [delta],
});
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
      events: [11, 12, 14, 19].map((at) => ({ ...event(at), id: 'ü'.repeat(200) })),
    };
    const parts = encodeRanges(wide, 1_400);
    expect(parts.length).toBe(2);
    expect(parts.every(({ length }) => length <= 1_400)).toBe(true);
  });

  it('may be above it for one event, which cannot be split', () => {
    expect(encodeRanges({ ...batch, events: [event(11)] }, 10)).toHaveLength(1);
  });

  it('cover the range without hole or overlap when they are split', () => {
    const parts = encodeRanges(batch, 400).map(decodeMetered);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts[0]?.from).toBe(10);
    expect(parts.at(-1)?.to).toBe(20);
    parts.slice(1).forEach((part, index) => expect(part.from).toBe(parts[index]?.to));
    expect(parts.flatMap(({ events }) => events)).toEqual(batch.events);
    for (const { from, to, events } of parts)
      expect(events.every(({ offset }) => offset >= from && offset < to)).toBe(true);
  });
});
