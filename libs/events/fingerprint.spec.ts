import fc from 'fast-check';
import { fingerprint } from './fingerprint.js';
import type { UsageEvent } from './usage-event.js';

const EVENT: Extract<UsageEvent, { kind: 'recorded' }> = {
  kind: 'recorded',
  id: 'req-1',
  source: '//eu-1/node-17',
  organization: 'org_acme',
  at: 1_795_512_600_000,
  sequence: 7n,
  reservation: null,
  mapped: false,
  original: null,
  usage: {
    model: 'openai/gpt-5',
    project: null,
    apiKey: null,
    serviceTier: 'on_demand',
    adapter: null,
    user: 'u-1',
    status: 'completed',
    quantities: { input: 300, output: 180 },
  },
};

describe('fingerprint', () => {
  const base = fingerprint(EVENT);
  const using = (part: object): UsageEvent => ({
    ...EVENT,
    usage: { ...EVENT.usage, ...part },
  });

  it('fits a Postgres int8', () => {
    expect(BigInt.asIntN(64, base)).toBe(base);
  });

  it.each([
    ['another order of pools', using({ quantities: { output: 180, input: 300 } })],
    ['a pool of zero', using({ quantities: { input: 300, output: 180, reasoning: 0 } })],
    ['another sequence number', { ...EVENT, sequence: 8n }],
  ])('does not tell %s', (_case, event) => {
    expect(fingerprint(event)).toBe(base);
  });

  it.each<[string, UsageEvent]>([
    ['another time', { ...EVENT, at: EVENT.at + 1 }],
    ['another pool', using({ quantities: { cached_input: 300, output: 180 } })],
    ['another count', using({ quantities: { input: 301, output: 180 } })],
    ['another model', using({ model: 'gpt-5' })],
    ['another project', using({ project: 'u-1', user: null })],
    ['another reservation', { ...EVENT, reservation: 'rsv_1' }],
    [
      'another kind',
      {
        ...EVENT,
        kind: 'corrected',
        original: { id: 'a', source: 'b', reason: 'c' },
      },
    ],
  ])('tells %s', (_case, event) => {
    expect(fingerprint(event)).not.toBe(base);
  });

  it('looks only at model, without its provider, and pools of a mapped event', () => {
    const mapped = fingerprint({ ...EVENT, mapped: true });
    const repeat = using({ model: 'azure/gpt-5', user: null });
    expect(fingerprint({ ...repeat, mapped: true, at: 5 })).toBe(mapped);
    const other = using({ quantities: { input: 1 } });
    expect(fingerprint({ ...other, mapped: true })).not.toBe(mapped);
  });

  it('tells apart a hundred thousand contents that differ in little, and spreads over all bits', () => {
    const seen = new Set<bigint>();
    const counts = Array.from({ length: 64 }, () => 0);
    for (let input = 0; input < 20_000; input += 1)
      for (const part of [
        { quantities: { input } },
        { quantities: { output: input } },
        { quantities: { input, output: 1 } },
        { quantities: { input: input + 2 ** 32 } },
        { model: `m-${input}` },
      ]) {
        const print = fingerprint(using(part));
        seen.add(print);
        // In two halves: six million shifts of a bigint would take seconds.
        const low = Number(BigInt.asUintN(32, print));
        const high = Number(BigInt.asUintN(32, print >> 32n));
        for (let bit = 0; bit < 32; bit += 1) {
          (counts[bit] as number) += (low >>> bit) & 1;
          (counts[bit + 32] as number) += (high >>> bit) & 1;
        }
      }
    // Of input 0 two say the same twice: no pool at all, and one output.
    expect(seen.size).toBe(100_000 - 2);
    for (const count of counts) expect(Math.abs(count - 50_000)).toBeLessThan(1_000);
  });

  it('keeps texts apart', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (project, apiKey) => {
        const split = fingerprint(using({ project, apiKey }));
        expect(fingerprint(using({ project: project + apiKey, apiKey: null }))).not.toBe(split);
        const swapped = fingerprint(using({ project: apiKey, apiKey: project }));
        expect(swapped === split).toBe(project === apiKey);
      }),
    );
  });
});
