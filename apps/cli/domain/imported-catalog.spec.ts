import { parseCatalogText } from '#libs/rating/catalog-document.js';
import type { Imported, ImportedModel } from '#libs/rating/import/imported-model.js';
import { importedCatalog } from './imported-catalog.js';

const GIGA = 10n ** 9n;
const model = (
  provider: string,
  name: string,
  part: Partial<ImportedModel> = {},
): ImportedModel => ({
  provider,
  model: name,
  prices: { on_demand: { input: { femtoPerUnit: GIGA, aboveContext: [] } } },
  contextWindow: null,
  maxOutputTokens: null,
  source: 'LiteLLM price map',
  asOf: '2026-08-06',
  ...part,
});
const imported = (...models: ImportedModel[]): Imported => ({ models, refused: [], leftOut: [] });
const head = { version: 'list-1', effectiveFrom: '2026-12-01T00:00:00Z', providers: [] };

describe('catalog of an imported list', () => {
  it('is a document that can be published', () => {
    const above = [{ tokens: 200_000, femtoPerUnit: 2n * GIGA }];
    const prices = {
      on_demand: { input: { femtoPerUnit: GIGA, aboveContext: above } },
      batch: { input: { femtoPerUnit: GIGA / 2n, aboveContext: [] } },
    };
    const long = model('openai', 'gpt-x', { prices, contextWindow: 1_000_000, maxOutputTokens: 8 });
    const { document, models, refused } = importedCatalog(imported(long), head);
    expect([models, refused]).toEqual([1, []]);
    expect(document['models']).toEqual({
      'gpt-x': {
        context_window: 1_000_000,
        max_output_tokens: 8,
        sources: ['imported'],
        prices: {
          on_demand: {
            input: { price: '1', above_context: [{ tokens: 200_000, price: '2' }] },
          },
          batch: { input: '0.5' },
        },
      },
    });
    expect(parseCatalogText(JSON.stringify(document), 'application/json')).toHaveProperty(
      'catalog',
    );
  });

  it('names all models with their providers when two are named alike', () => {
    const list = imported(model('a', 'x'), model('b', 'x'), model('a', 'y'));
    expect(Object.keys(importedCatalog(list, head).document['models'] as object)).toEqual([
      'a/x',
      'b/x',
      'a/y',
    ]);
  });

  it('loses no model to another of the same name', () => {
    const list = imported(model('a', 'x'), model('a', 'x'));
    expect(importedCatalog(list, head)).toMatchObject({
      models: 1,
      refused: [{ entry: 'a/x', reason: 'is in the list twice' }],
    });
  });

  it('has only the chosen providers', () => {
    const list = imported(model('a', 'x'), model('b', 'x'));
    const chosen = importedCatalog(list, { ...head, providers: ['b'] });
    expect(Object.keys(chosen.document['models'] as object)).toEqual(['x']);
  });

  it.each([
    [model('a', 'two words'), 'its name has a space'],
    [
      model('a', 'x', {
        prices: {
          on_demand: {
            input: { femtoPerUnit: 1n, aboveContext: [{ tokens: 64_000, femtoPerUnit: 2n }] },
          },
        },
      }),
      'a price above 64000 tokens',
    ],
  ])('leaves out what no catalog can hold, with the reason (%#)', (odd, reason) => {
    const { models, refused } = importedCatalog(imported(odd), head);
    expect(models).toBe(0);
    expect(refused[0]?.reason).toContain(reason);
  });
});
