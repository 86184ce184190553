import type { PriceCell } from './price-cell-schema.js';
import { chargeFor, parsePrice, priceCell } from './price-cell.js';
import { priceFaults } from './price-faults.js';

const UNIT = 10n ** 15n;

describe('written price', () => {
  it.each<[PriceCell, object]>([
    ['0.05', { model: 'per_unit', femtoPerUnit: 50_000_000n, freeUnits: 0n }],
    [
      { price: '0.05', free_units: 1_000 },
      { model: 'per_unit', femtoPerUnit: 50_000_000n, freeUnits: 1_000n },
    ],
    [
      { graduated: [{ up_to: 5, price: '2', flat: '1' }, { price: '1' }] },
      {
        model: 'graduated',
        freeUnits: 0n,
        tiers: [
          { upTo: 5n, femtoPerUnit: 2_000_000_000n, flatFemto: UNIT },
          { upTo: null, femtoPerUnit: 1_000_000_000n, flatFemto: 0n },
        ],
      },
    ],
    [
      { volume: [{ price: '1' }], free_units: 3 },
      {
        model: 'volume',
        freeUnits: 3n,
        tiers: [{ upTo: null, femtoPerUnit: 1_000_000_000n, flatFemto: 0n }],
      },
    ],
    [
      { package: { size: 1_000, price: '0.5' } },
      { model: 'package', size: 1_000n, femtoPerPackage: UNIT / 2n, freeUnits: 0n },
    ],
    [{ flat: '5' }, { model: 'flat', flatFemto: 5n * UNIT, freeUnits: 0n }],
  ])('%j is a charge, and is written so again', (cell, charge) => {
    expect(priceFaults('', cell)).toEqual([]);
    const price = parsePrice(cell);
    expect(price).toEqual({ charge, aboveContext: [] });
    expect(priceCell(price)).toEqual(cell);
  });

  it('holds for longer inputs from each bound on', () => {
    const cell: PriceCell = {
      price: '1',
      above_context: [
        { tokens: 128_000, price: '2' },
        { tokens: 200_000, price: '3' },
      ],
    };
    const price = parsePrice(cell);
    const at = (context: number) => {
      const { charge, aboveContext } = chargeFor(price, context);
      return [(charge as { femtoPerUnit: bigint }).femtoPerUnit / 10n ** 9n, aboveContext];
    };
    expect([0, 32_000, 128_000, 200_000, 512_000].map(at)).toEqual([
      [1n, 0],
      [1n, 0],
      [2n, 128_000],
      [3n, 200_000],
      [3n, 200_000],
    ]);
    expect(priceCell(price)).toEqual(cell);
  });
});

describe('faults of a written price', () => {
  const steps = (...list: object[]) => ({ graduated: list });
  it.each([
    // cell                                            place              code               detail
    ['-0.05', '/p', 'negative_price', 'below zero'],
    [-1, '/p', 'negative_price', 'below zero'],
    [0.05, '/p', 'invalid_price', 'write the price as text, "0.05"'],
    ['0.0000000001', '/p', 'too_many_decimals', 'more than 9 decimals'],
    ['1e3', '/p', 'invalid_price', 'is not a decimal number'],
    ['', '/p', 'invalid_price', 'is not a decimal number'],
    [null, '/p', 'invalid_price', 'null is not'],
    [[], '/p', 'invalid_price', '[] is not'],
    [{}, '/p', 'invalid_price', 'a price has one of price, graduated, volume, package, flat'],
    [{ price: '-1' }, '/p/price', 'negative_price', 'below zero'],
    [{ price: '1', tiers: [] }, '/p/tiers', 'unknown_field', '"tiers" is not known'],
    [{ price: '1', free_units: -1 }, '/p/free_units', 'invalid_units', 'not -1'],
    [{ price: '1', free_units: 0.5 }, '/p/free_units', 'invalid_units', 'not 0.5'],
    [{ price: '1', free_units: 1e30 }, '/p/free_units', 'invalid_units', 'not 1e+30'],
    [steps(), '/p/graduated', 'invalid_tiers', 'not []'],
    [steps({ price: '1', up_to: 5 }), '/p/graduated/0/up_to', 'invalid_tiers', 'no upper bound'],
    [
      steps({ price: '1' }, { price: '1' }),
      '/p/graduated/0/up_to',
      'invalid_tiers',
      'only the last',
    ],
    [
      steps({ up_to: 5, price: '1' }, { up_to: 5, price: '1' }, { price: '1' }),
      '/p/graduated/1/up_to',
      'invalid_tiers',
      '5 does not come after 5',
    ],
    [steps({ up_to: 0, price: '1' }, { price: '1' }), '/p/graduated/0/up_to', 'invalid_units', '0'],
    [steps({ up_to: 5 }, { price: '1' }), '/p/graduated/0/price', 'missing_field', 'price'],
    [steps({ price: '1', flat: '-5' }), '/p/graduated/0/flat', 'negative_price', 'below zero'],
    [{ volume: 'all' }, '/p/volume', 'invalid_tiers', 'not "all"'],
    [{ package: { size: 0, price: '1' } }, '/p/package/size', 'invalid_units', 'not 0'],
    [
      { package: { size: 1, price: '1,5' } },
      '/p/package/price',
      'invalid_amount',
      'currency units',
    ],
    [{ flat: 5 }, '/p/flat', 'invalid_amount', 'as text'],
    [
      { price: '1', above_context: [{ tokens: 100_000, price: '2' }] },
      '/p/above_context/0/tokens',
      'unknown_context_bound',
      'above 32000, 128000, 200000, 256000, 272000, 512000; 100000 is none',
    ],
    [
      {
        price: '1',
        above_context: [
          { tokens: 200_000, price: '2' },
          { tokens: 128_000, price: '2' },
        ],
      },
      '/p/above_context/1/tokens',
      'invalid_tiers',
      '128000 does not come after 200000',
    ],
    [
      { price: '1', free_units: 1, above_context: [{ tokens: 128_000, price: '2' }] },
      '/p/above_context',
      'invalid_tiers',
      'exclude each other',
    ],
  ])('of %j is at %s: %s', (cell, pointer, code, detail) => {
    expect(priceFaults('/p', cell)).toEqual([
      { pointer, code, detail: expect.stringContaining(detail) as string },
    ]);
  });
});
