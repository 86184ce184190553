// docs/failure-modes.md names a test for each fault of the plan: this fails when one is gone, or when a row is left out.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'failure-modes.md'), 'utf8');
const rows = [...page.matchAll(/^\| ([A-HSW] \d+) \| (.+?) \| (.+?) \| (.+?) \|$/gm)].map(
  ([, row = '', fault = '', file = '', title = '']) => ({ row, fault, file, title }),
);
const proofs = rows.filter(({ file }) => file !== 'not proven');

const upTo = (section: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, at) => `${section} ${first + at}`);

/** Those of which nothing at all is shown: a row that loses its last test does not slip in here unseen. */
const WITHOUT_ANY = 'B 22, C 31, C 38, G 68, G 69, G 70, S 6, S 7'.split(', ');

describe('failure modes', () => {
  it('are all there, in order', () => {
    const told = [...new Set(rows.map(({ row }) => row))];
    expect(told).toEqual([
      ...upTo('A', 1, 15),
      ...upTo('B', 16, 25),
      ...upTo('C', 26, 38),
      ...upTo('D', 39, 48),
      ...upTo('E', 49, 54),
      ...upTo('F', 55, 67),
      ...upTo('G', 68, 74),
      ...upTo('H', 75, 80),
      ...upTo('S', 1, 36),
      ...upTo('W', 1, 7),
    ]);
    const proven = new Set(proofs.map(({ row }) => row));
    expect(told.filter((row) => !proven.has(row))).toEqual(WITHOUT_ANY);
  });

  it.each(proofs)('$row $fault: $file holds “$title”', ({ file, title }) => {
    const path = file.replaceAll('`', '');
    expect(path).toMatch(/(\.spec|-contract)\.ts$/);
    expect(existsSync(join(root, path))).toBe(true);
    // A title may be broken over lines.
    const code = readFileSync(join(root, path), 'utf8').replaceAll(/\s+/g, ' ');
    expect(code).toContain(title);
  });
});
