import { importOwnList } from './own-list.js';

describe('a price list of an operator', () => {
  it('has models by provider, their prices per million', () => {
    const list = {
      some: { 'm-1': { on_demand: { input: '0.5', output: '2' }, batch: { input: '0' } } },
    };
    const { models, refused } = importOwnList(list, { asOf: '2026-11-01' });
    expect(refused).toEqual([]);
    expect(models).toMatchObject([{ provider: 'some', model: 'm-1', asOf: '2026-11-01' }]);
    const price = (femtoPerUnit: bigint) => ({ femtoPerUnit, aboveContext: [] });
    expect(models[0]?.prices).toEqual({
      on_demand: {
        input: price(500_000_000n),
        cached_input: price(500_000_000n),
        output: price(2_000_000_000n),
        reasoning: price(2_000_000_000n),
      },
      batch: { input: price(0n), cached_input: price(0n) },
    });
  });

  it.each([
    [{}, 'has no prices'],
    [{ on_demand: {} }, 'has no prices'],
    [[], 'its prices is not an object'],
    [{ on_demand: '1' }, 'on_demand is not an object'],
    [{ hourly: { input: '1' } }, 'hourly is no service tier'],
    [{ on_demand: { tokens: '1' } }, 'tokens is no pool that has a price'],
    [{ on_demand: { requests: '1' } }, 'requests is no pool that has a price'],
    [{ on_demand: { input: 1 } }, 'the price of input must be USD per million'],
    [{ on_demand: { input: '-1' } }, 'the price of input must be USD per million'],
    [{ on_demand: { input: '1e-3' } }, 'the price of input must be USD per million'],
    [{ on_demand: { input: '0.0000000001' } }, 'the price of input must be USD per million'],
  ])('refuses the model %j: %s', (tables, reason) => {
    const { models, refused } = importOwnList({ p: { m: tables } });
    expect(models).toEqual([]);
    expect(refused).toMatchObject([{ entry: 'p/m' }]);
    expect(refused[0]?.reason).toContain(reason);
  });

  it.each([[[]], ['x'], [null], [{ p: [] }]])('is not %j', (list) => {
    expect(() => importOwnList(list)).toThrow(RangeError);
  });
});
