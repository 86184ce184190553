import fc from 'fast-check';
import { addDigests, eventDigest, NO_DIGEST } from '#libs/events/digest.js';
import type { MeteredEvent, UsageDelta } from '#libs/events/metered-batch.js';
import { digestOf, foldHours, quantitiesIn } from './usage-hours.js';

const delta = (change: Partial<UsageDelta> = {}): UsageDelta => ({
  at: Date.UTC(2026, 10, 24, 9, 30),
  model: 'm',
  project: null,
  apiKey: null,
  serviceTier: 'on_demand',
  adapter: null,
  user: null,
  requests: 1,
  quantities: { input: 1 },
  ...change,
});
const event = (deltas: UsageDelta[], organization = 'org_a', key = '0a'.repeat(16)): MeteredEvent =>
  ({ organization, key, deltas }) as unknown as MeteredEvent;

describe('usage hours', () => {
  it('keep apart what has another hour or name', () => {
    const other = [
      delta({ at: Date.UTC(2026, 10, 24, 10) }),
      delta({ project: 'p' }),
      delta({ apiKey: 'k' }),
      delta({ adapter: 'lora' }),
      delta({ serviceTier: 'batch' }),
      delta({ model: 'n' }),
    ];
    expect(
      foldHours([event([delta(), delta()]), event(other), event([delta()], 'org_b')]),
    ).toHaveLength(8);
    expect(foldHours([event([delta(), delta()])])[0]).toMatchObject({
      requests: 2,
      quantities: { input: 2 },
    });
  });

  it('stay exact beyond 2^53', () => {
    const most = delta({ quantities: { input: Number.MAX_SAFE_INTEGER } });
    expect(foldHours([event([most, most, most])])[0]?.quantities.input).toBe(
      3n * BigInt(Number.MAX_SAFE_INTEGER),
    );
  });

  it('keep what sums to nothing, with the digest of both', () => {
    const undone = event(
      [delta({ requests: -1, quantities: { input: -1 } })],
      'org_a',
      '0b'.repeat(16),
    );
    const events = [event([delta()]), undone];
    expect(foldHours(events)).toMatchObject([{ requests: 0, quantities: { input: 0 } }]);
    const whole = events.map(eventDigest).reduce(addDigests, NO_DIGEST);
    expect(digestOf(foldHours(events))).toEqual(whole);
    expect(whole).not.toEqual(NO_DIGEST);
  });

  it('have together the digest of the events that they were folded from', () => {
    const events = [
      event([delta(), delta({ model: 'n', quantities: { output: 7, input: 0 } })]),
      event([delta({ project: 'p', quantities: {} })], 'org_b', '0c'.repeat(16)),
    ];
    const whole = events.map(eventDigest).reduce(addDigests, NO_DIGEST);
    expect(digestOf(foldHours(events))).toEqual(whole);
    expect(digestOf([])).toEqual(NO_DIGEST);
  });

  it('name the columns that are used, in the order of the contract', () => {
    const hours = foldHours([
      event([
        delta({ quantities: { output: 1 } }),
        delta({ model: 'n', quantities: { input: 1 } }),
      ]),
    ]);
    expect(quantitiesIn(hours)).toEqual(['input', 'output']);
  });

  it('are the same in any order of events', () => {
    const drawn = fc.record({
      organization: fc.constantFrom('org_a', 'org_b'),
      model: fc.constantFrom('m', 'n'),
      at: fc.constantFrom(1_000, 3_600_000),
      input: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    });
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 40 }), (list) => {
        const events = list.map(({ organization, model, at, input }) =>
          event([delta({ model, at, quantities: { input } })], organization),
        );
        const text = (hours: unknown): string =>
          JSON.stringify(hours, (_, item: unknown) =>
            typeof item === 'bigint' ? item.toString() : item,
          );
        expect(text(foldHours(events.toReversed()))).toBe(text(foldHours(events)));
      }),
    );
  });
});
