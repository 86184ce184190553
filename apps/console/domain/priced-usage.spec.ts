import { pricedUsage } from './priced-usage.js';

const counts = { audio_ms: 3n, characters: 0n, images: 0n, searches: 0n };

describe('priced usage', () => {
  it('has every pool and every other count of a row', () => {
    const row = {
      model: 'm',
      service_tier: 'batch',
      adapter: 'a',
      tokens: { input: 7n },
      ...counts,
    };
    expect(pricedUsage([row])).toEqual([
      { model: 'm', serviceTier: 'batch', adapter: 'a', units: { input: 7n, ...counts } },
    ]);
  });

  it('is on demand where the event named no service tier', () => {
    const [usage] = pricedUsage([{ model: 'm', tokens: {}, ...counts }]);
    expect(usage).toMatchObject({ serviceTier: 'on_demand', adapter: null });
  });
});
