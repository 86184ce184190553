import fc from 'fast-check';
import { decodeMetered, encodeMetered, meteredEnd, type MeteredBatch } from './metered-batch.js';
import { QUANTITIES } from './quantities.js';

const batch: MeteredBatch = { version: 1, partition: 3, from: 10, to: 1_234, events: [] };

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
const name = fc.option(fc.constantFrom('a', 'b', '"', 'ü'));
const count = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const anyDelta = fc.record({
  at: fc.nat(),
  model: fc.constantFrom('m', 'n'),
  project: name,
  apiKey: name,
  serviceTier: fc.constantFrom('on_demand' as const, 'flex' as const),
  adapter: name,
  user: name,
  requests: fc.constantFrom(1 as const, -1 as const),
  quantities: fc.dictionary(fc.constantFrom(...QUANTITIES), count, { noNullPrototype: true }),
});
const anyEvent = fc.record({
  key: fc.constant('0'.repeat(32)),
  kind: fc.constantFrom('recorded' as const, 'voided' as const, 'corrected' as const),
  source: text,
  id: text,
  organization: fc.constantFrom('org_a', 'org_b'),
  reservation: fc.option(text),
  deltas: fc.array(anyDelta, { maxLength: 2 }),
});

describe('metered batch', () => {
  it('is read as it was written, whatever its events', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (drawn) => {
        const events = drawn.map((event, index) => ({ offset: 10 + index, ...event }));
        expect(decodeMetered(encodeMetered({ ...batch, events }))).toEqual({ ...batch, events });
      }),
    );
  });

  it('of the first format is still read', () => {
    const delta = { at: 0, model: 'm', requests: 1, quantities: { input: 1 } };
    const events = [{ offset: 11, key: 'f', kind: 'recorded', deltas: [delta] }];
    const old = { ...batch, events };
    expect(decodeMetered(Buffer.from(JSON.stringify(old)))).toEqual(old);
  });

  it('tells its end without its events, in any order of fields', () => {
    expect(meteredEnd(encodeMetered(batch))).toBe(1_234);
    expect(meteredEnd(Buffer.from(JSON.stringify(batch)))).toBe(1_234);
    const { to, ...rest } = batch;
    expect(meteredEnd(Buffer.from(JSON.stringify({ to, ...rest })))).toBe(1_234);
  });

  it.each([
    ['{"version":3,"partition":0,"from":0,"to":1,"events":[]}', /version 3/],
    ['{"version":1,"from":1}', /range or partition/],
    ['{"version":1,"partition":0,"from":0,"to":1.5,"events":[]}', /range or partition/],
    ['{"version":1,"partition":0,"from":0,"to":1}', /without its events/],
    ['{"version":2,"partition":0,"from":0,"to":1,"rows":[]}', /without its events/],
    [
      '{"version":2,"partition":0,"from":0,"to":1,"sources":[],"names":[],"others":[],"rows":[[0,"",0,"",0,0,{}]]}',
      /event 0 without its source/,
    ],
  ])('refuses %s', (value, fault) => {
    const decode = () => decodeMetered(Buffer.from(value));
    expect(decode).toThrow(TypeError);
    expect(decode).toThrow(fault);
  });
});
