// Our own cases of every charge model; those of the public engines are in oracle.spec.ts.
import type { ChargePart, PriceTier } from './charge-part.js';
import { sumOfParts } from './charge-part.js';
import { capDiscount, parsePercent, percentOf } from './discount.js';
import { flatParts } from './flat.js';
import { withoutAllowance } from './free-allowance.js';
import { graduatedParts, graduatedTotal } from './graduated.js';
import { trueUpFemto } from './minimum-commitment.js';
import { packageParts, packagesOf } from './package.js';
import { perUnitParts } from './per-unit.js';
import { volumeParts, volumeTierOf, volumeTotal } from './volume.js';

const tier = (upTo: bigint | null, femtoPerUnit: bigint, flatFemto = 0n): PriceTier => ({
  upTo,
  femtoPerUnit,
  flatFemto,
});
const short = (parts: readonly ChargePart[]) =>
  parts.map(({ part, units, amountFemto }) => [part, units, amountFemto]);

describe('price per unit', () => {
  it.each([
    [0n, []],
    [1n, [['', 1n, 100n]]],
    [-3n, [['', -3n, -300n]]],
    [2n ** 70n, [['', 2n ** 70n, 100n * 2n ** 70n]]],
  ])('%s units at 100 are %p', (units, parts) => {
    expect(short(perUnitParts(100n, units))).toEqual(parts);
  });
});

describe('graduated price', () => {
  const steps = [tier(5n, 10n), tier(10n, 6n, 7n), tier(null, 4n)];

  it.each([
    [0n, 0n, 'nothing used'],
    [5n, 50n, 'exactly at the first tier'],
    [6n, 63n, 'one above: the flat of the second and one unit'],
    [10n, 87n, 'exactly at the second'],
    [11n, 91n, 'one in the open tier'],
    [-2n, -20n, 'a refund at the first price'],
  ])('of %s units is %s (%s)', (quantity, total) => {
    expect(graduatedTotal(steps, quantity)).toBe(total);
  });

  it('starts a tier’s flat with its first unit, and not again', () => {
    expect(short(graduatedParts(steps, 5n, 1n))).toEqual([
      ['tier 2 flat', 0n, 7n],
      ['tier 2', 1n, 6n],
    ]);
    expect(short(graduatedParts(steps, 6n, 1n))).toEqual([['tier 2', 1n, 6n]]);
    expect(short(graduatedParts(steps, 6n, -2n))).toEqual([
      ['tier 1', -1n, -10n],
      ['tier 2 flat', 0n, -7n],
      ['tier 2', -1n, -6n],
    ]);
  });

  it('of one open tier is a price per unit', () => {
    expect(graduatedTotal([tier(null, 3n)], 7n)).toBe(21n);
  });

  it('of no tiers at all is nothing', () => {
    expect([graduatedTotal([], 7n), graduatedParts([], 0n, 7n)]).toEqual([0n, []]);
  });
});

describe('volume price', () => {
  const steps = [tier(10n, 5n, 3n), tier(null, 4n)];

  it.each([
    [0n, 3n, 'the first tier’s flat'],
    [10n, 53n, 'exactly at the tier'],
    [11n, 44n, 'one above: all cheaper'],
  ])('of %s units is %s (%s)', (total, amount) => {
    expect(volumeTotal(steps, total)).toBe(amount);
  });

  it('prices a share by the month’s total, its flat on the last share', () => {
    const share = { total: 10n, units: 4n, isLast: false };
    expect(sumOfParts(volumeParts(steps, share))).toBe(20n);
    expect(sumOfParts(volumeParts(steps, { ...share, units: 6n, isLast: true }))).toBe(33n);
  });

  it('goes on at the last tier when that is bounded', () => {
    expect(volumeTierOf([tier(10n, 5n)], 11n)).toBe(0);
  });
});

describe('package price', () => {
  it.each([
    [-1n, 0n],
    [0n, 0n],
    [1n, 1n],
    [10n, 1n],
    [11n, 2n],
  ])('of %s units in tens is %s packages', (quantity, packages) => {
    expect(packagesOf(10n, quantity)).toBe(packages);
  });

  it('closes a package again when usage goes back', () => {
    const price = { size: 10n, femtoPerPackage: 15n };
    expect(short(packageParts(price, 11n, -2n))).toEqual([['packages of 10', -2n, -15n]]);
  });
});

describe('flat price', () => {
  it.each([
    [0n, 0n, 0n, 'no use'],
    [0n, 3n, 99n, 'the first use'],
    [3n, 3n, 0n, 'more use'],
    [3n, -3n, -99n, 'all of it taken back'],
  ])('after %s units, for %s more, is %s (%s)', (before, units, amount) => {
    expect(sumOfParts(flatParts(99n, before, units))).toBe(amount);
  });
});

describe('free allowance', () => {
  it.each([
    // free  before units   billable from, units, free
    [10n, 0n, 10n, 0n, 0n, 10n],
    [10n, 0n, 11n, 0n, 1n, 10n],
    [10n, 9n, 2n, 0n, 1n, 1n],
    [10n, 12n, 3n, 2n, 3n, 0n],
    [10n, 12n, -4n, 2n, -2n, -2n],
    [0n, 0n, -4n, 0n, -4n, 0n],
  ])('of %s after %s units, for %s more, bills from %s on %s', (...all) => {
    const [freeUnits, used, more, before, units, free] = all;
    expect(withoutAllowance(freeUnits, used, more)).toEqual({ before, units, free });
  });
});

describe('minimum commitment', () => {
  it.each([
    [100n, 0n, 100n, 'no usage'],
    [100n, 70n, 30n, 'below'],
    [100n, 100n, 0n, 'exactly reached'],
    [100n, 101n, 0n, 'exceeded'],
    [100n, -5n, 100n, 'a refund does not raise it'],
    [0n, 0n, 0n, 'none'],
  ])('of %s with %s spent owes %s (%s)', (minimumFemto, spentFemto, owed) => {
    expect(trueUpFemto({ minimumFemto, spentFemto })).toBe(owed);
  });
});

describe('discount', () => {
  it.each([
    ['0', 1_000n, 0n],
    ['12.5', 1_000n, 125n],
    ['100', 1_000n, 1_000n],
    ['0.000001', 10n ** 8n, 1n],
    ['33.333333', 3n, 0n],
    ['12.5', -1_000n, -125n],
  ])('of %s %% of %s is %s', (percent, amount, off) => {
    expect(percentOf(amount, parsePercent(percent))).toBe(off);
  });

  it.each(['100.000001', '-1', '1e1', '', '5 %', '0.0000001'])('cannot be "%s" %%', (text) => {
    expect(() => parsePercent(text)).toThrow(RangeError);
  });
});

describe('cap', () => {
  it.each([
    [100n, 70n, 50n, 20n, 'reached inside the amount'],
    [100n, 50n, 50n, 0n, 'exactly reached'],
    [100n, 100n, 50n, 50n, 'reached before'],
    [100n, 120n, -30n, -20n, 'a refund gives the discount back first'],
    [0n, 0n, 50n, 50n, 'nothing may be charged'],
  ])('of %s after %s takes from %s off %s (%s)', (cap, before, amount, off) => {
    expect(capDiscount(cap, before, amount)).toBe(off);
  });
});
