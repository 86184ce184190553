import { contiguous } from './kafka-records.js';

const at = (...offsets: number[]) =>
  offsets.map((offset) => ({ offset, key: null, value: Buffer.alloc(0), appendedAt: 0 }));

describe('records of a fetch', () => {
  it.each([
    [[], [], 'nothing'],
    [[5, 6, 7], [5, 6, 7], 'whole'],
    [[5, 6, 9, 10], [5, 6], 'a hole'],
    [[5, 5, 6], [5], 'an offset twice'],
    [[5, 4], [5], 'backwards'],
  ])('%j become %j (%s)', (given, expected) => {
    expect(contiguous(at(...given)).map(({ offset }) => offset)).toEqual(expected);
  });
});
