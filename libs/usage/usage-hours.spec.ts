import { addDigests, eventDigest, NO_DIGEST } from '../events/digest.js';
import { metered } from './test/metered.js';
import { sumHours } from './usage-hours.js';

const HOUR = Date.UTC(2026, 10, 24, 9);

describe('usage hours of a batch', () => {
  it('are one row per organization, hour, names and quantity, with requests beside', () => {
    const { sums } = sumHours([
      metered('a', { at: HOUR, quantities: { input: 300, output: 180, cached_input: 0 } }),
      metered('b', { at: HOUR + 3_599_999, quantities: { input: 1 } }),
      metered('c', { at: HOUR + 3_600_000, quantities: { input: 5 }, project: 'chat' }),
    ]);
    expect(
      sums.map((sum) => [sum.hour - HOUR, sum.project, sum.quantity, sum.units, sum.events]),
    ).toEqual([
      [0, '', 'input', 301n, 2],
      [0, '', 'output', 180n, 1],
      [0, '', 'requests', 2n, 2],
      [3_600_000, 'chat', 'input', 5n, 1],
      [3_600_000, 'chat', 'requests', 1n, 1],
    ]);
  });

  it('come in the order of the key, whatever the order of the events', () => {
    const events = ['a', 'b', 'c', 'd'].map((id, index) =>
      metered(id, { at: HOUR, model: `m${(index * 3) % 4}` }),
    );
    const keys = (list: typeof events) => sumHours(list).sums.map((sum) => sum.model);
    expect(keys(events)).toEqual(keys(events.toReversed()));
    expect(keys(events)).toEqual(keys(events).toSorted());
  });

  it('take off what a void takes off', () => {
    const usage = { at: HOUR, quantities: { input: 300 } };
    const off = { at: HOUR, quantities: { input: -300 }, requests: -1 as const };
    const { sums } = sumHours([metered('a', usage), metered('void', off)]);
    expect(sums.map((sum) => [sum.quantity, sum.units, sum.events])).toEqual([
      ['input', 0n, 0],
      ['requests', 0n, 0],
    ]);
  });

  it('have the digest of their events, all in all', () => {
    const events = ['a', 'b', 'c'].map((id) => metered(id, { at: HOUR }));
    const { sums, digestA, digestB } = sumHours(events);
    const whole = events.map(eventDigest).reduce(addDigests, NO_DIGEST);
    expect([digestA, digestB]).toEqual(whole);
    expect(
      sums.map((sum) => [sum.digestA, sum.digestB] as const).reduce(addDigests, NO_DIGEST),
    ).toEqual(whole);
  });
});
