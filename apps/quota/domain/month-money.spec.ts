import { monthOf } from '#libs/time/month.js';
import { CATALOG } from '../test/reservation-stand.js';
import { NOON, termsOf } from '../test/standings.js';
import { addedMoney, monthMoney, type ProjectRow } from './month-money.js';

const month = monthOf(NOON);
const row = (units: bigint, part: Partial<ProjectRow> = {}): ProjectRow => ({
  hour: NOON,
  model: 'llama',
  serviceTier: 'on_demand',
  adapter: null,
  project: null,
  context: 0,
  quantity: 'input',
  units,
  events: 1n,
  digestA: 0n,
  digestB: 0n,
  ...part,
});

describe('money of a month', () => {
  const rows = [
    row(100n),
    row(10n, { project: 'chat' }),
    row(1n, { project: 'chat', quantity: 'output' }),
  ];

  it('is the whole and each project’s own', () => {
    expect([...monthMoney(termsOf(), month, rows)]).toEqual([
      ['', 560_000_000_000n],
      ['chat', 60_000_000_000n],
    ]);
  });

  it('grows by what is added, row by row', () => {
    const terms = termsOf();
    const sum = rows.reduce(
      (total, one) => total + (addedMoney(terms, month, [one])?.get('') ?? 0n),
      0n,
    );
    expect(sum).toBe(monthMoney(terms, month, rows).get(''));
  });

  it.each([
    ['packages', '{ package: { size: 1000, price: "1" } }'],
    ['an allowance', '{ price: "5", free_units: 10 }'],
  ])('cannot be added to under %s', (_name, price) => {
    const text = CATALOG.replace('input: "5"', `input: ${price}`);
    const terms = termsOf({ catalogs: [text] });
    expect(addedMoney(terms, month, [row(1n)])).toBeUndefined();
    expect(addedMoney(terms, month, [row(1n, { quantity: 'output' })])).toBeDefined();
  });
});
