// The cases of public billing engines, where the shared notes lie beside the checkout. A case is in `ANSWERS` or in
// `WITHOUT_MEANING`, never in neither: new cases of the file fail until someone decides.
import { existsSync, readFileSync } from 'node:fs';
import { formatMinor, roundToMinor } from '../money/money.js';
import { sumOfParts } from './charge/charge-part.js';
import { flatParts } from './charge/flat.js';
import { ANSWERS, PARTLY, WITHOUT_MEANING } from './test/oracle-answers.js';
import type { OracleCase } from './test/oracle-cases.js';
import { exact, money } from './test/oracle-cases.js';

const FILE = '../shared/oracles/rating-and-invoicing-cases.json';
const FLAT_TERMS = 'OM-006';
const UNIT = 10n ** 15n;

describe('cases of public billing engines', () => {
  const cases = existsSync(FILE)
    ? (JSON.parse(readFileSync(FILE, 'utf8')) as readonly OracleCase[])
    : [];

  it('are answered or have no meaning here, each for a reason', () => {
    const decided = [...Object.keys(ANSWERS), ...Object.keys(WITHOUT_MEANING), FLAT_TERMS];
    expect(new Set(decided).size).toBe(decided.length);
    expect(cases.map(({ id }) => id).filter((id) => !decided.includes(id))).toEqual([]);
  });

  const answered = cases.filter(({ id }) => Object.hasOwn(ANSWERS, id));
  // Jest refuses an empty table.
  const table = answered.map((one) => [one.id, one.description, one] as const);
  const none = ['no case', 'the shared notes are not here', { id: '' } as OracleCase] as const;
  it.each(table.length > 0 ? table : [none])('%s › %s', (id, _, { input, expected }) => {
    const asked = { ...expected };
    for (const field of PARTLY[id] ?? []) delete asked[field];
    expect(ANSWERS[id]?.(input) ?? {}).toEqual(asked);
  });

  it('of a flat amount bill it once: with the first use, not at each cut of the month (OM-006)', () => {
    const amounts = [
      [0n, 1n],
      [1n, 1n],
    ].map(([before = 0n, units = 0n]) => sumOfParts(flatParts(100n * UNIT, before, units)));
    expect(amounts.map(exact)).toEqual(['100', '0']);
  });

  it('round halves away from zero where we round them to even (OM-062)', () => {
    const halves = ['1.224', '1.225', '1.226', '-1.224', '-1.225', '1.235'];
    expect(halves.map((text) => formatMinor(roundToMinor(money(text))))).toEqual([
      '1.22',
      '1.22',
      '1.23',
      '-1.22',
      '-1.22',
      '1.24',
    ]);
  });
});
