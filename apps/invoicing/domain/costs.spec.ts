import { HOUR_MS } from '#libs/time/instant.js';
import { NOVEMBER } from '../test/rated.js';
import { type CostInput, type CostLine, costsOf, type ProjectRow } from './costs.js';

const [FIRST, SECOND] = [NOVEMBER.from, NOVEMBER.from + 24 * HOUR_MS];
const SPAN = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };

function line(part: Partial<CostLine> = {}): CostLine {
  const names = { model: 'llama', service_tier: 'on_demand', adapter: null, pool: 'input' };
  return {
    kind: 'usage',
    description: '',
    ...names,
    ...SPAN,
    quantity: 4,
    amount_exact: '4',
    ...part,
  };
}

function row(hour: number, units: bigint, part: Partial<ProjectRow> = {}): ProjectRow {
  const names = { model: 'llama', serviceTier: 'on_demand', adapter: null, context: 0 } as const;
  const sums = { events: 1n, digestA: 0n, digestB: 0n };
  return { hour, ...names, project: null, quantity: 'input', units, ...sums, ...part };
}

const none = { model: null, service_tier: null, pool: null, quantity: null };
const fee = line({ ...none, kind: 'fee', description: 'Monthly fee, team', amount_exact: '20' });
const credit = line({ ...none, kind: 'credit', description: 'Free', amount_exact: '-3' });

function costs(
  lines: readonly CostLine[],
  rows: readonly ProjectRow[],
  part: Partial<CostInput> = {},
) {
  const found = costsOf({ period: NOVEMBER, lines, rows, isFree: () => false, ...part });
  const total = found.reduce((sum, { femto }) => sum + femto, 0n);
  const told = found.map(({ day, project, femto }) => [
    new Date(day).getUTCDate(),
    project,
    Number(femto) / 1e15,
  ]);
  return { told, total: Number(total) / 1e15 };
}

describe('the costs of a month', () => {
  it('follow usage by day and project', () => {
    const rows = [row(FIRST, 1n), row(FIRST + HOUR_MS, 1n), row(SECOND, 2n, { project: 'p' })];
    expect(costs([line()], rows)).toEqual({
      told: [
        [1, null, 2],
        [2, 'p', 2],
      ],
      total: 4,
    });
  });

  it.each<[string, readonly CostLine[], readonly ProjectRow[], unknown]>([
    ['a fee on its first day', [fee], [], [[1, null, 20]]],
    [
      'a commitment on its last day',
      [line({ ...none, kind: 'commitment', amount_exact: '7' })],
      [],
      [[30, null, 7]],
    ],
    [
      'late usage on the first day of the month that charges it',
      [
        line({
          kind: 'adjustment',
          from: '2026-10-01T00:00:00Z',
          to: SPAN.from,
          amount_exact: '-1',
        }),
      ],
      [row(SECOND, 9n)],
      [[1, null, -1]],
    ],
    ['usage that is not there any more on the first day of its span', [line()], [], [[1, null, 4]]],
    [
      'usage of its own span alone',
      [line({ from: '2026-11-02T00:00:00Z' })],
      [row(FIRST, 9n), row(SECOND, 1n)],
      [[2, null, 4]],
    ],
    [
      'usage of its own names alone',
      [line()],
      [row(FIRST, 9n, { model: 'other' }), row(SECOND, 1n)],
      [[2, null, 4]],
    ],
    [
      'long inputs apart',
      [line({ above_context: 128_000 })],
      [row(FIRST, 9n), row(SECOND, 1n, { context: 200_000 })],
      [[2, null, 4]],
    ],
    [
      'an hour that takes off',
      [line({ quantity: 2, amount_exact: '2' })],
      [row(FIRST, 3n), row(SECOND, -1n)],
      [
        [1, null, 3],
        [2, null, -1],
      ],
    ],
    [
      'a credit where usage was',
      [line(), credit],
      [row(FIRST, 1n), row(SECOND, 3n)],
      [
        [1, null, 1],
        [2, null, 3],
        [1, null, -0.75],
        [2, null, -2.25],
      ],
    ],
    ['a credit without usage on its first day', [credit], [], [[1, null, -3]]],
  ])('have %s', (_, lines, rows, told) => {
    expect(costs(lines, rows).told).toEqual(told);
  });

  it('take a free credit off the hours of the free tier', () => {
    const isFree = (at: number): boolean => at >= SECOND;
    const { told } = costs([line(), credit], [row(FIRST, 1n), row(SECOND, 3n)], { isFree });
    expect(told.at(-1)).toEqual([2, null, -3]);
    expect(told).toHaveLength(3);
  });

  it('sum to the lines where these do not divide', () => {
    const rows = [row(FIRST, 1n), row(SECOND, 1n), row(SECOND, 1n, { project: 'p' })];
    const lines = [
      line({ amount_exact: '0.000000000000010' }),
      line({ amount_exact: '-0.000000000000001' }),
    ];
    const found = costsOf({ period: NOVEMBER, lines, rows, isFree: () => false });
    expect(found.map(({ femto }) => femto)).toEqual([3n, 3n, 4n, 0n, 0n, -1n]);
  });

  it('name their line as one reads it', () => {
    const lines = [
      line(),
      line({ service_tier: 'batch', adapter: 'tuned', pool: 'cached_input' }),
      line({ kind: 'adjustment', from: '2026-10-01T00:00:00Z' }),
      fee,
    ];
    const found = costsOf({ period: NOVEMBER, lines, rows: [], isFree: () => false });
    expect(found.map(({ lineItem }) => lineItem)).toEqual([
      'llama input',
      'llama cached_input batch adapter tuned',
      'Late usage of 2026-10: llama input',
      'Monthly fee: team',
    ]);
  });
});
