import { allQuantities, type ReaderTotals } from '#libs/rating/reader-totals.js';
import { compareReadings, furthest, type Readings } from './reconciliation.js';

const TOTALS: ReaderTotals = {
  requests: 2n,
  quantities: allQuantities([['input', 300n]]),
  digest: [1n, 2n],
  spentFemto: 5n,
  positions: { 'usage.recorded': { 0: 7, 1: 3 }, accounts: { 0: 2 } },
};
const readings = (change: Partial<Readings> = {}): Readings => ({
  metering: { ...TOTALS, spentFemto: null },
  quota: TOTALS,
  invoicing: TOTALS,
  ...change,
});

describe('comparison of three readers', () => {
  it('is equal when all counted the same and two price it the same', () => {
    expect(compareReadings(readings())).toEqual({
      equal: true,
      samePositions: true,
      differences: [],
    });
  });

  it('is equal at other positions too: what lies between is of another organization or month', () => {
    const ahead = { ...TOTALS, positions: { ...TOTALS.positions, accounts: { 0: 9 } } };
    expect(compareReadings(readings({ quota: ahead }))).toEqual({
      equal: true,
      samePositions: false,
      differences: [],
    });
  });

  it.each<[string, Partial<ReaderTotals>, 'metering' | 'quota' | 'invoicing', string[]]>([
    ['a request', { requests: 3n }, 'metering', ['3', '2', '2']],
    ['a digest', { digest: [1n, 3n] }, 'quota', ['…2', '…3', '…2']],
    ['a femto-unit', { spentFemto: 6n }, 'invoicing', ['null', '5', '6']],
    ['an unknown organization', { spentFemto: null }, 'quota', ['null', 'null', '5']],
  ])('names %s that differs, with all three figures', (_, change, reader, figures) => {
    const base = reader === 'metering' ? { ...TOTALS, spentFemto: null } : TOTALS;
    const { equal, samePositions, differences } = compareReadings(
      readings({ [reader]: { ...base, ...change } }),
    );
    expect([equal, samePositions, differences.length]).toEqual([false, true, 1]);
    const [one] = differences;
    const last = (text: string | null | undefined) =>
      one?.field === 'digest'
        ? `…${text?.slice(-1)}`
        : String(text).replace('0.00000000000000', '');
    expect([last(one?.metering), last(one?.quota), last(one?.invoicing)]).toEqual(figures);
  });

  it('names the pool, and the partition on which a reader is behind', () => {
    const behind = {
      ...TOTALS,
      quantities: allQuantities([['input', 200n]]),
      positions: { ...TOTALS.positions, 'usage.recorded': { 0: 6 } },
    };
    const { differences, samePositions } = compareReadings(readings({ quota: behind }));
    expect(samePositions).toBe(false);
    expect(differences).toEqual([
      { field: 'quantities.input', metering: '300', quota: '200', invoicing: '300' },
      { field: 'positions.usage.recorded.0', metering: '7', quota: '6', invoicing: '7' },
      { field: 'positions.usage.recorded.1', metering: '3', quota: '0', invoicing: '3' },
    ]);
  });

  it('leaves out topics that only some of them read', () => {
    const { positions } = TOTALS;
    const more = { ...TOTALS, positions: { ...positions, 'usage.rejected': { 0: 4 } } };
    expect(compareReadings(readings({ metering: more })).samePositions).toBe(true);
  });
});

describe('the furthest positions', () => {
  it('are those of whoever is ahead, of the topics that are asked for', () => {
    const ahead = {
      ...TOTALS,
      positions: { 'usage.recorded': { 0: 6, 2: 1, 3: 0 }, accounts: {} },
    };
    const found = furthest(readings({ quota: ahead }), { 'usage.recorded': {} });
    expect(found).toBe('usage.recorded:0:7,usage.recorded:1:3,usage.recorded:2:1');
  });
});
