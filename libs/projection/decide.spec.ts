import fc from 'fast-check';
import type { StoredRecord } from '../log/event-log.js';
import {
  cutSlice,
  judgeAhead,
  judgeBounds,
  judgeFirstClaim,
  judgeLock,
  judgeProbe,
  placeBatch,
} from './decide.js';

const record = (offset: number, bytes = 1): StoredRecord => ({
  offset,
  key: null,
  value: Buffer.alloc(bytes),
  appendedAt: 0,
});
const limits = { maxRecords: 3, maxBytes: 100, skip: new Set<number>() };

describe('claim', () => {
  it.each([
    // position  low  high  verdict                    case
    [0, 0, 0, 'owned', 'an empty log'],
    [0, 0, 9, 'owned', 'nothing read yet'],
    [5, 0, 9, 'probe', 'in the middle'],
    [5, 0, 5, 'probe', 'at the end'],
    [5, 4, 9, 'probe', 'the last record is the oldest'],
    [5, 5, 9, 'owned', 'the last record was just removed'],
    [5, 6, 9, 'log_gap', 'one unread record was removed'],
    [5, 0, 4, 'log_truncated', 'the log ends one before'],
  ])('at %i of [%i, %i) is %s: %s', (position, low, high, expected) => {
    const verdict = judgeBounds(position, { low, high });
    expect(verdict.kind === 'halt' ? verdict.reason : verdict.kind).toBe(expected);
  });

  it('of a partition without a row starts at 0 or halts', () => {
    expect(judgeFirstClaim({ low: 0, high: 5 })).toEqual({ kind: 'owned' });
    expect(judgeFirstClaim({ low: 1, high: 5 })).toMatchObject({ reason: 'log_starts_late' });
  });

  it('wants the record that was read last, or no digest to compare', () => {
    expect(judgeProbe(7n, 7n, 4)).toEqual({ kind: 'owned' });
    expect(judgeProbe(null, 8n, 4)).toEqual({ kind: 'owned' });
    expect(judgeProbe(7n, 8n, 4)).toMatchObject({ reason: 'log_truncated' });
    expect(judgeProbe(7n, undefined, 4)).toMatchObject({ reason: 'log_truncated' });
  });
});

describe('batch', () => {
  it.each([
    // first  next  expected  place
    [0, 5, 5, 'behind'],
    [0, 5, 4, 'apply'],
    [5, 9, 5, 'apply'],
    [6, 9, 5, 'ahead'],
  ])('[%i, %i) at %i is %s', (first, next, expected, place) => {
    expect(placeBatch({ first, next }, expected)).toBe(place);
  });

  it('ahead is a race when the log has the record, and a gap when it has not', () => {
    expect(judgeAhead(5, { first: 5 })).toEqual({ kind: 'seek' });
    expect(judgeAhead(5, { first: undefined })).toEqual({ kind: 'seek' });
    expect(judgeAhead(5, { first: 8 })).toMatchObject({ reason: 'log_gap' });
    expect(judgeAhead(5, { bounds: { low: 7, high: 9 } })).toMatchObject({ reason: 'log_gap' });
    expect(judgeAhead(5, { bounds: { low: 0, high: 3 } })).toMatchObject({
      reason: 'log_truncated',
    });
  });
});

describe('locked row', () => {
  it.each([
    // row                                     verdict
    [{ nextOffset: 5, epoch: 2 }, 'go'],
    [{ nextOffset: 5, epoch: 3 }, 'lost'],
    [{ nextOffset: 6, epoch: 2 }, 'moved'],
    [{ nextOffset: 6, epoch: 3 }, 'lost'],
    [undefined, 'lost'],
  ])('%j is %s for offset 5 under epoch 2', (row, verdict) => {
    expect(judgeLock(row, { first: 5, epoch: 2 })).toBe(verdict);
  });
});

describe('slice', () => {
  it('is cut at the number of records, at the bytes and at a hole', () => {
    const records = [4, 5, 6, 7, 8].map((offset) => record(offset));
    expect(cutSlice(records, 4, limits)).toMatchObject({ first: 4, next: 7 });
    expect(cutSlice(records, 7, limits)).toMatchObject({ first: 7, next: 9 });
    const large = [record(4, 60), record(5, 40), record(6, 1)];
    expect(cutSlice(large, 4, limits)).toMatchObject({ next: 6 });
    expect(cutSlice([record(4, 5_000), record(5)], 4, limits)).toMatchObject({ next: 5 });
    const holed = [record(4), record(6), record(7)];
    expect(cutSlice(holed, 4, limits)).toMatchObject({ next: 5 });
    expect(cutSlice(holed, 5, limits)).toBeUndefined();
    expect(cutSlice(holed, 6, limits)).toMatchObject({ first: 6, next: 8 });
  });

  it('covers a quarantined offset without its record', () => {
    const records = [4, 5, 6].map((offset) => record(offset));
    const cut = cutSlice(records, 4, { ...limits, skip: new Set([5, 6]) });
    expect(cut).toMatchObject({ first: 4, next: 7, skipped: 2, last: { offset: 6 } });
    expect(cut?.records.map(({ offset }) => offset)).toEqual([4]);
  });

  it('after slice covers a contiguous batch once, whatever the limits', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.array(fc.nat(60), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 120 }),
        (first, sizes, maxRecords, maxBytes) => {
          const records = sizes.map((bytes, index) => record(first + index, bytes));
          const taken: number[] = [];
          let expected = first;
          for (;;) {
            const cut = cutSlice(records, expected, { maxRecords, maxBytes, skip: new Set() });
            if (cut === undefined) break;
            taken.push(...cut.records.map(({ offset }) => offset));
            expect(cut.records.length).toBeLessThanOrEqual(maxRecords);
            expected = cut.next;
          }
          expect(taken).toEqual(records.map(({ offset }) => offset));
        },
      ),
    );
  });
});
