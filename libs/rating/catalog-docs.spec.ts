// The example, the JSON Schema for editors and the page about the document say what the program does.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseCatalogText } from './catalog-document.js';
import { CatalogSchema, PricesByTier, PriceTable } from './catalog-schema.js';
import { PriceCellSchema } from './price-cell-schema.js';

const SCHEMA = 'catalog/catalog.schema.json';

/** Field names that a schema knows, at any depth; `code` is ours and names the rule. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { properties?: object };
  return [...Object.keys(properties), ...Object.values(schema).flatMap(fieldsOf)];
}

// Parts that stand in many places, the larger before the smaller that they hold.
const PARTS = { prices_by_tier: PricesByTier, pools: PriceTable, price: PriceCellSchema };
const texts = Object.entries(PARTS).map(([name, part]) => [name, JSON.stringify(part)] as const);

/** The schema with its repeated parts by reference: 2 MB become some KB. */
function withReferences(schema: unknown, isPart = false): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((one) => withReferences(one));
  const text = JSON.stringify(schema);
  const known = isPart ? undefined : texts.find(([, part]) => part === text)?.[0];
  if (known !== undefined) return { $ref: `#/$defs/${known}` };
  return Object.fromEntries(
    Object.entries(schema).map(([name, part]) => [name, withReferences(part)]),
  );
}

describe('documents about the catalog', () => {
  const example = readFileSync('catalog/example.yaml', 'utf8');

  it('have an example that can be published', () => {
    expect(parseCatalogText(example, 'application/yaml')).toHaveProperty('catalog');
  });

  it('name every field, on the page and in the example', () => {
    const page = readFileSync('docs/catalog.md', 'utf8');
    const fields = [...new Set(fieldsOf(CatalogSchema))].filter((field) => field !== 'properties');
    const word = (field: string) => new RegExp(`(^|[^a-z_])${field}([^a-z_]|$)`, 'm');
    expect(fields.filter((field) => !word(field).test(page))).toEqual([]);
    const shown = ['cache_write_5m', 'cache_write_1h', 'images', 'characters', 'performance'];
    const pools = /^(audio|image|video)_(input|output)$/;
    const missing = fields.filter((field) => !word(field).test(example) && !pools.test(field));
    expect(missing.filter((field) => !shown.includes(field))).toEqual([]);
  });

  // UPDATE_SCHEMA=1 writes it anew.
  it('have the JSON Schema that the program checks by', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...(withReferences(CatalogSchema) as object),
      $defs: Object.fromEntries(
        Object.entries(PARTS).map(([name, part]) => [name, withReferences(part, true)]),
      ),
    };
    const text = `${JSON.stringify(schema, undefined, 2)}\n`;
    if (process.env['UPDATE_SCHEMA'] || !existsSync(SCHEMA)) writeFileSync(SCHEMA, text);
    expect(readFileSync(SCHEMA, 'utf8')).toBe(text);
  });
});
