// Whatever is sent as a catalog is a catalog or a list of problems, never an exception; and a catalog that passes can be priced by.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { contextOf } from './context-bounds.js';
import { parseCatalogText } from './catalog-document.js';
import { chargeTotal, worstCaseFemto } from './charge/charge.js';
import { chargeFor, priceCell } from './price-cell.js';
import { priceFaults } from './price-faults.js';

const EXAMPLE = parse(readFileSync('catalog/example.yaml', 'utf8')) as object;

/** The paths of every value of a document. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}
const PATHS = pathsOf(EXAMPLE).filter((path) => path.length > 0);

function withValue(document: object, path: readonly string[], value: unknown): object {
  const copy = structuredClone(document);
  let part = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) part = part[key] as Record<string, unknown>;
  part[path.at(-1) as string] = value;
  return copy;
}

const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(-1, 0, 1.5, 1e30, '-1', '1e3', '', null, [], {}, 'x'.repeat(600)),
  fc.constantFrom({ price: '1' }, { graduated: [] }, { flat: '1', volume: [] }, { above: 1 }),
);

describe('any text as a catalog', () => {
  it.each(['application/json', 'application/yaml'] as const)('in %s is answered', (mediaType) => {
    const text = fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, (sent) => {
        expect(parseCatalogText(sent, mediaType)).toHaveProperty('problems');
      }),
    );
  });

  it('that is the example with one value changed is priced by, or names its faults', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), value, (path, changed) => {
        const text = JSON.stringify(withValue(EXAMPLE, path, changed));
        const parsed = parseCatalogText(text, 'application/json');
        const problems = 'problems' in parsed ? parsed.problems : [];
        for (const { pointer, line, detail } of problems)
          expect([typeof pointer, line === null || line > 0, detail.length > 3]).toEqual([
            'string',
            true,
            true,
          ]);
        const models = 'catalog' in parsed ? Object.values(parsed.catalog.models) : [];
        const prices = models
          .flatMap((model) => Object.values(model.prices))
          .flatMap((table) => Object.values(table));
        for (const price of prices) {
          const { charge } = chargeFor(price, contextOf({ input: 300_000 }));
          expect(chargeTotal(charge, 5n) >= 0n && worstCaseFemto(charge, 5n) >= 0n).toBe(true);
          expect(priceFaults('', priceCell(price))).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
