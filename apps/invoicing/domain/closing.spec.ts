import { formatInstant } from '#libs/time/instant.js';
import { NOVEMBER } from '../test/rated.js';
import { behindOf, closableAt } from './closing.js';

describe('the close of a month', () => {
  it.each([
    [24, '2026-12-02T00:00:00Z'],
    [0, '2026-12-01T00:00:00Z'],
    [72, '2026-12-04T00:00:00Z'],
  ])('is possible after %i hours of grace: %s', (hours, expected) => {
    expect(formatInstant(closableAt(NOVEMBER, hours))).toBe(expected);
  });

  const evidence = { 'usage.recorded': { 0: 5, 1: 0, 2: 3 }, accounts: { 0: 2 } };

  it.each([
    ['all were read', { 'usage.recorded': { 0: 5, 1: 0, 2: 3 }, accounts: { 0: 2 } }, []],
    ['more has come since', { 'usage.recorded': { 0: 9, 1: 4, 2: 3 }, accounts: { 0: 7 } }, []],
    [
      'one partition is behind',
      { 'usage.recorded': { 0: 5, 2: 2 }, accounts: { 0: 2 } },
      [{ topic: 'usage.recorded', partition: 2, position: 2, needed: 3 }],
    ],
    [
      'nothing was read',
      {},
      [
        { topic: 'usage.recorded', partition: 0, position: 0, needed: 5 },
        { topic: 'usage.recorded', partition: 2, position: 0, needed: 3 },
        { topic: 'accounts', partition: 0, position: 0, needed: 2 },
      ],
    ],
  ])('waits for the partitions that were not read to the end: %s', (_, reached, expected) => {
    expect(behindOf(evidence, reached)).toEqual(expected);
  });
});
