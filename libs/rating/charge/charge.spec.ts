import fc from 'fast-check';
import type { Charge, MonthShare } from './charge.js';
import { chargeParts, chargeTotal, dearestPerUnit, perUnit, worstCaseFemto } from './charge.js';
import type { PriceTier } from './charge-part.js';
import { sumOfParts } from './charge-part.js';

const tier = (upTo: bigint | null, femtoPerUnit: bigint, flatFemto = 0n): PriceTier => ({
  upTo,
  femtoPerUnit,
  flatFemto,
});
const tiers = [tier(5n, 10n), tier(null, 4n, 7n)];
const models: Charge[] = [
  perUnit(3n),
  { model: 'graduated', tiers, freeUnits: 0n },
  { model: 'volume', tiers, freeUnits: 0n },
  { model: 'package', size: 10n, femtoPerPackage: 15n, freeUnits: 0n },
  { model: 'flat', flatFemto: 99n, freeUnits: 0n },
];
const whole = (units: bigint): MonthShare => ({ before: 0n, units, total: units, isLast: true });

describe('charge', () => {
  it.each([
    // model        units   free   total    case
    ['per_unit', 7n, 0n, 21n, 'every unit the same'],
    ['per_unit', 7n, 7n, 0n, 'exactly the allowance'],
    ['per_unit', 8n, 7n, 3n, 'one above the allowance'],
    ['graduated', 5n, 0n, 50n, 'exactly at the tier'],
    ['graduated', 6n, 0n, 61n, 'one above: its flat and one unit'],
    ['graduated', 6n, 1n, 50n, 'the allowance comes before the tiers'],
    ['volume', 5n, 0n, 50n, 'exactly at the tier'],
    ['volume', 6n, 0n, 31n, 'one above: all at the next price'],
    ['package', 10n, 0n, 15n, 'exactly one package'],
    ['package', 11n, 0n, 30n, 'one above opens another'],
    ['package', 121n, 10n, 180n, 'the allowance comes before the packages'],
    ['flat', 1n, 0n, 99n, 'the first unit owes it'],
    ['flat', 1_000n, 0n, 99n, 'and no more after it'],
  ])('%s of %s units with %s free costs %s (%s)', (model, units, freeUnits, total) => {
    const charge = { ...models.find((one) => one.model === model), freeUnits } as Charge;
    expect(chargeTotal(charge, units)).toBe(total);
    const parts = chargeParts(charge, whole(units));
    expect(sumOfParts(parts)).toBe(total);
    expect(parts.reduce((sum, part) => sum + part.units, 0n)).toBe(units);
  });

  it('names its parts: what is free, each tier, each flat', () => {
    const charge: Charge = { model: 'graduated', tiers, freeUnits: 2n };
    expect(chargeParts(charge, whole(9n)).map((part) => [part.part, part.units])).toEqual([
      ['free', 2n],
      ['tier 1', 5n],
      ['tier 2 flat', 0n],
      ['tier 2', 2n],
    ]);
  });

  it('tells the dearest price of a unit', () => {
    expect(models.map(dearestPerUnit)).toEqual([3n, 10n, 10n, null, null]);
  });
});

const amount = fc.bigInt({ min: 0n, max: 50n });
const anyTiers = fc
  .array(fc.record({ width: fc.bigInt({ min: 1n, max: 20n }), price: amount, flat: amount }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((steps) => {
    let upTo = 0n;
    return steps.map(({ width, price, flat }, index) =>
      tier(index === steps.length - 1 ? null : (upTo += width), price, flat),
    );
  });
const anyCharge: fc.Arbitrary<Charge> = fc.oneof(
  fc.record({ model: fc.constant('per_unit' as const), femtoPerUnit: amount, freeUnits: amount }),
  fc.record({ model: fc.constant('graduated' as const), tiers: anyTiers, freeUnits: amount }),
  fc.record({ model: fc.constant('volume' as const), tiers: anyTiers, freeUnits: amount }),
  fc.record({
    model: fc.constant('package' as const),
    size: fc.bigInt({ min: 1n, max: 20n }),
    femtoPerPackage: amount,
    freeUnits: amount,
  }),
  fc.record({ model: fc.constant('flat' as const), flatFemto: amount, freeUnits: amount }),
);
const shares = fc.array(fc.bigInt({ min: 1n, max: 40n }), { minLength: 1, maxLength: 6 });

describe('charge, any model', () => {
  it('costs the same in whatever shares the month comes', () => {
    fc.assert(
      fc.property(anyCharge, shares, (charge, units) => {
        const total = units.reduce((sum, one) => sum + one, 0n);
        let before = 0n;
        let sum = 0n;
        for (const [index, one] of units.entries()) {
          const isLast = index === units.length - 1;
          const parts = chargeParts(charge, { before, units: one, total, isLast });
          expect(parts.reduce((all, part) => all + part.units, 0n)).toBe(one);
          for (const { femtoPerUnit, units: of, amountFemto } of parts)
            expect(amountFemto).toBe(femtoPerUnit === null ? amountFemto : of * femtoPerUnit);
          sum += sumOfParts(parts);
          before += one;
        }
        expect(sum).toBe(chargeTotal(charge, total));
      }),
    );
  });

  it('never falls as the quantity grows, but for volume prices', () => {
    const falling = anyCharge.filter(({ model }) => model !== 'volume');
    fc.assert(
      fc.property(falling, amount, amount, (charge, quantity, more) => {
        const [less, then] = [quantity, quantity + more].map((all) => chargeTotal(charge, all));
        expect((then as bigint) >= (less as bigint)).toBe(true);
      }),
    );
  });

  it('never adds more than its worst case, wherever the month stands', () => {
    fc.assert(
      fc.property(anyCharge, amount, amount, (charge, before, more) => {
        // Nothing is rated for a pool without use.
        const spent = before === 0n ? 0n : chargeTotal(charge, before);
        const added = (more === 0n ? spent : chargeTotal(charge, before + more)) - spent;
        expect(added <= worstCaseFemto(charge, more)).toBe(true);
      }),
    );
  });

  it('books only what is new when a quantity goes up and down', () => {
    fc.assert(
      fc.property(anyCharge, amount, amount, (charge, first, second) => {
        fc.pre(charge.model !== 'volume' && first > 0n && second > 0n);
        const booked = sumOfParts(chargeParts(charge, whole(first)));
        const share = { before: first, units: second - first, total: second, isLast: true };
        const delta = second === first ? 0n : sumOfParts(chargeParts(charge, share));
        expect(booked + delta).toBe(chargeTotal(charge, second));
      }),
    );
  });
});
