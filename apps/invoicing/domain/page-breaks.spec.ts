import { printable, printableLine, SELLER } from '../test/printable.js';
import { pagesOf } from './page-breaks.js';
import { printDocument } from './printed-document.js';

const document = (models: readonly string[], part = {}) =>
  printDocument(
    printable({ lines: models.map((model) => printableLine({ model })), ...part }),
    SELLER,
    'en',
  );
const named = (count: number) => Array.from({ length: count }, (_, index) => `llama-${index}`);

describe('the pages of a document', () => {
  it.each([
    // lines, rows per page
    [0, [0]],
    [1, [1]],
    [12, [12]],
    [16, [15, 1]],
    [17, [16, 1]],
    [18, [16, 2]],
    [50, [16, 22, 12]],
    [60, [16, 22, 21, 1]],
  ])('with %i lines have %j', (count, wanted) => {
    const pages = pagesOf(document(named(count)));
    expect(pages.map(({ rows }) => rows.length)).toEqual(wanted);
    expect(pages.flatMap(({ rows }) => rows.map(({ title }) => title))).toEqual(named(count));
    expect(pages.map(({ isFirst, isLast }) => [isFirst, isLast])).toEqual(
      pages.map((_, index) => [index === 0, index === pages.length - 1]),
    );
  });

  it('have fewer lines where these are longer', () => {
    const long = `${'accounts/models/'.repeat(6)}llama`;
    const counts = [named(60), named(60).map((name) => long + name)].map(
      (models) => pagesOf(document(models)).length,
    );
    expect(counts).toEqual([4, 7]);
  });

  it('have fewer lines under a longer address', () => {
    const address = Array.from({ length: 12 }, (_, index) => `Line ${index}`).join('\n');
    const [page] = pagesOf(document(named(60), { bill_to: { name: 'Acme', address } }));
    expect(page?.rows.length).toBeLessThan(14);
  });
});
