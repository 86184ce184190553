import { decodeMetered, encodeMetered, meteredEnd, type MeteredBatch } from './metered-batch.js';

const batch: MeteredBatch = { version: 1, partition: 3, from: 10, to: 1_234, events: [] };

describe('metered batch', () => {
  it('tells its end without its events, in any order of fields', () => {
    expect(meteredEnd(encodeMetered(batch))).toBe(1_234);
    const { to, ...rest } = batch;
    expect(meteredEnd(Buffer.from(JSON.stringify({ to, ...rest })))).toBe(1_234);
  });

  it.each([
    '{"version":2}',
    '{"version":1,"from":1}',
    '{"version":1,"from":0,"to":1.5,"events":[]}',
  ])('refuses %s', (text) => {
    expect(() => decodeMetered(Buffer.from(text))).toThrow(TypeError);
  });
});
