import fc from 'fast-check';
import { fingerprint, identityKey, idTime, UNORDERED_PREFIX } from './identity.js';
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

describe('identity key', () => {
  it.each([
    // id                                        first 48 bits
    ['019ab0c5-e8f8-7abc-8def-0123456789ab', '019ab0c5e8f8'],
    ['019AB0C5-E8F8-7ABC-8DEF-0123456789AB', '019ab0c5e8f8'],
    ['01KAR8BT7R0000000000000000', '019ab085e8f8'],
    ['01kar8bt7r0000000000000000', '019ab085e8f8'],
    ['019ab0c5-e8f8-4abc-8def-0123456789ab', UNORDERED_PREFIX],
    ['81KAR8BT7R0000000000000000', UNORDERED_PREFIX],
    ['req-1', UNORDERED_PREFIX],
  ])('takes the time of %s first: %s', (id, prefix) => {
    const key = identityKey('org_acme', 'node', id);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(key.slice(0, 12)).toBe(prefix);
    expect(idTime(id)).toBe(prefix === UNORDERED_PREFIX ? undefined : Number.parseInt(prefix, 16));
  });

  it('is the same exactly when organization, source and id are', () => {
    const text = fc.stringMatching(/^[ -~]{1,4}$/);
    const name = fc.tuple(text, text, text);
    fc.assert(
      fc.property(name, name, (one, other) => {
        const same = one.join('\n') === other.join('\n');
        expect(identityKey(...one) === identityKey(...other)).toBe(same);
        expect(identityKey(...one)).toBe(identityKey(...one));
      }),
    );
    expect(identityKey('org_a', 'bc', 'd')).not.toBe(identityKey('org_a', 'b', 'cd'));
  });
});

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
});
