import { catalogChanges } from './catalog-changes.js';

const before = {
  version: 'a',
  effective_from: '2026-11-01T00:00:00Z',
  models: { 'a/b': { prices: { on_demand: { input: '0.05', output: '0.08' } } } },
  tiers: { free: { features: ['x'], limits: {} } },
};

describe('changes of a catalog', () => {
  it('are none between versions that differ in name and time only', () => {
    const after = { ...before, version: 'b', effective_from: '2026-12-01T00:00:00Z' };
    expect(catalogChanges(before, after)).toEqual([]);
  });

  it('name what changed, what is new and what is gone, leaf by leaf', () => {
    const after = {
      ...before,
      models: { 'a/b': { prices: { on_demand: { input: '0.06', reasoning: '0.1' } } } },
      tiers: { free: { features: ['x', 'y'], limits: { m: { requests_per_day: null } } } },
    };
    expect(catalogChanges(before, after)).toEqual([
      { path: '/models/a~1b/prices/on_demand/input', from: '0.05', to: '0.06' },
      { path: '/models/a~1b/prices/on_demand/reasoning', from: null, to: '0.1' },
      { path: '/tiers/free/features', from: ['x'], to: ['x', 'y'] },
      { path: '/tiers/free/limits/m/requests_per_day', from: null, to: null },
      { path: '/models/a~1b/prices/on_demand/output', from: '0.08', to: null },
    ]);
  });

  it('of the first version are all of it', () => {
    expect(catalogChanges(undefined, { currency: 'USD', tiers: {} })).toEqual([
      { path: '/currency', from: null, to: 'USD' },
    ]);
  });
});
