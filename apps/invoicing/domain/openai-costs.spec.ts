import { DAY_MS } from '#libs/time/instant.js';
import type { Cost } from './costs.js';
import { costPage, costResults } from './openai-costs.js';

const DAY = Date.UTC(2026, 10, 1);

const LINE = {} as Cost['line'];

function cost(part: Partial<Cost> = {}): Cost {
  const names = { project: null, lineItem: 'llama, input', pool: 'input' } as const;
  return { line: LINE, day: DAY, ...names, units: 10n, femto: 1_500_000_000_000_001n, ...part };
}

const results = (
  costs: readonly Cost[],
  ...rest: [Parameters<typeof costResults>[1]?, Parameters<typeof costResults>[2]?]
) => costResults(costs, rest[0] ?? [], rest[1] ?? {}, 'USD');

describe('a page of costs', () => {
  it.each([
    // start, end (hours after the day), limit, days, next day
    [0, 24, 7, [0, 1], null],
    [3, 25, 7, [0, 2], null],
    [0, 24 * 9, 7, [0, 7], 7],
    [0, 1, 1, [0, 1], null],
  ])('from %i h to %i h by %i holds the days %j', (start, end, limit, days, next) => {
    const hour = DAY_MS / 24;
    const page = costPage({ start: DAY + start * hour, end: DAY + end * hour }, limit);
    const [first = 0, last = 0] = days;
    expect(page).toEqual({
      from: DAY + first * DAY_MS,
      to: DAY + last * DAY_MS,
      next: next === null ? null : DAY + next * DAY_MS,
    });
  });
});

describe('the results of a day', () => {
  it('are one sum without groups, a number and its exact text', () => {
    expect(results([cost(), cost({ project: 'p', lineItem: 'x' })])).toEqual([
      {
        object: 'organization.costs.result',
        amount: {
          value: 3.000000000000002,
          value_exact: '3.000000000000002',
          value_decimal: '3.000000000000002',
          currency: 'usd',
        },
        line_item: null,
        project_id: null,
        api_key_id: null,
        quantity: null,
        quantity_unit: null,
      },
    ]);
  });

  it('are apart by project and line', () => {
    const found = results(
      [cost({ project: 'p' }), cost(), cost({ lineItem: 'fee', pool: null })],
      ['project_id', 'line_item'],
    );
    expect(
      found.map((one) => [one.project_id, one.line_item, one.quantity, one.quantity_unit]),
    ).toEqual([
      ['p', 'llama, input', 10, 'tokens'],
      [null, 'fee', null, null],
      [null, 'llama, input', 10, 'tokens'],
    ]);
  });

  it.each([
    ['audio_ms', 0.01, 'duration_seconds'],
    ['characters', 10, 'characters'],
    ['images', 10, 'images'],
    ['searches', 10, null],
    ['reasoning', 10, 'tokens'],
  ] as const)('count %s as %d %s', (pool, quantity, unit) => {
    const [found] = results([cost({ pool })], ['line_item']);
    expect([found?.quantity, found?.quantity_unit]).toEqual([quantity, unit]);
  });

  it('are of the projects and lines asked for', () => {
    const costs = [cost({ project: 'p' }), cost(), cost({ project: 'q', lineItem: 'fee' })];
    const count = (filter: Parameters<typeof costResults>[2]) =>
      results(costs, ['project_id', 'line_item'], filter).length;
    expect([
      count({}),
      count({ projects: ['p'] }),
      count({ projects: ['p', 'q'] }),
      count({ lineItems: ['fee'] }),
      count({ projects: ['p'], lineItems: ['fee'] }),
    ]).toEqual([3, 1, 2, 1, 0]);
    expect(results([], ['project_id'])).toEqual([]);
  });
});
