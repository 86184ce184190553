// Charge models, contracts and mappings in a catalog document, and documents that nobody means well with.
import { parseCatalogText } from './catalog-document.js';
import { valueAt } from './ingest-mappings.js';

const HEAD = `version: a
effective_from: 2026-12-01T00:00:00Z
currency: USD
`;
const document = (part: { models?: string; tiers?: string; ingest?: string }) =>
  `${HEAD}models: ${part.models ?? '{ llama: { prices: { on_demand: { input: "1" } } } }'}
tiers: ${part.tiers ?? '{ free: { usage: free } }'}
${part.ingest ? `ingest: ${part.ingest}` : ''}`;

const problems = (text: string) => {
  const parsed = parseCatalogText(text, 'application/yaml');
  return 'problems' in parsed
    ? parsed.problems.map(({ pointer, line, code }) => [pointer, line, code])
    : [];
};
const catalogOf = (text: string) => {
  const parsed = parseCatalogText(text, 'application/yaml');
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.catalog;
};

describe('terms of a catalog document', () => {
  it('are charge models wherever a price stands', () => {
    const cell = '{ graduated: [{ up_to: 5, price: "2" }, { price: "1" }] }';
    const models = `{ llama: { prices: { on_demand: { input: ${cell} } }, adapters: { lora: { output: ${cell} } } } }`;
    const tiers = `{ free: { usage: free, prices: { llama: { prices: { batch: { input: ${cell} } } } } } }`;
    const catalog = catalogOf(document({ models, tiers }));
    const llama = catalog.models['llama'];
    const found = [
      llama?.prices.on_demand?.input,
      llama?.adapters['lora']?.any?.output,
      catalog.tiers[0]?.prices['llama']?.prices.batch?.input,
    ];
    expect(found.map((price) => price?.charge.model)).toEqual(Array(3).fill('graduated'));
  });

  it('name the line of a fault inside a charge model', () => {
    const models = `
  llama:
    prices:
      on_demand:
        input:
          graduated:
            - { up_to: 10, price: "2" }
            - { up_to: 5, price: "1" }
            - { price: "-1" }`;
    expect(problems(document({ models }))).toEqual([
      ['/models/llama/prices/on_demand/input/graduated/2/price', 12, 'negative_price'],
    ]);
    expect(problems(document({ models: models.replace('"-1"', '"1"') }))).toEqual([
      ['/models/llama/prices/on_demand/input/graduated/1/up_to', 11, 'invalid_tiers'],
    ]);
  });

  it('are a discount, a minimum and a maximum of a tier', () => {
    const tiers =
      '{ pro: { usage: metered, discount_percent: "12.5", minimum_commitment: "100", maximum_charge: "500" } }';
    expect(catalogOf(document({ tiers })).tiers[0]?.contract).toEqual({
      discount: 12_500_000n,
      minimumFemto: 100n * 10n ** 15n,
      maximumFemto: 500n * 10n ** 15n,
    });
  });

  it.each([
    ['discount_percent: "100.5"', 'discount_percent', 'invalid_percent'],
    ['discount_percent: 10', 'discount_percent', 'invalid_percent'],
    ['minimum_commitment: "-1"', 'minimum_commitment', 'negative_price'],
    ['maximum_charge: "1,5"', 'maximum_charge', 'invalid_amount'],
    ['minimum_commitment: "2", maximum_charge: "1"', 'minimum_commitment', 'invalid_commitment'],
  ])('cannot be { %s }', (terms, field, code) => {
    const tiers = `{ pro: { usage: metered, ${terms} } }`;
    expect(problems(document({ tiers }))).toEqual([[`/tiers/pro/${field}`, 5, code]]);
  });
});

describe('mappings of a catalog document', () => {
  const ingest = (mapping: string) => `{ mappings: { my.tokens: ${mapping} } }`;

  it('say where a foreign event has its model and its counts', () => {
    const text = ingest(
      '{ model: llm.name, quantities: { input: usage.prompt, output: usage.completion }, user: who, pools_incomplete: true }',
    );
    const mapping = catalogOf(document({ ingest: text })).mappings?.['my.tokens'];
    expect(mapping).toEqual({
      model: { path: ['llm', 'name'] },
      quantities: { input: ['usage', 'prompt'], output: ['usage', 'completion'] },
      project: null,
      user: ['who'],
      serviceTier: null,
      adapter: null,
      poolsIncomplete: true,
    });
    const data = { llm: { name: 'llama' }, usage: { prompt: 7 } };
    expect(valueAt(data, ['usage', 'prompt'])).toBe(7);
    expect(valueAt(data, ['usage', 'completion'])).toBeUndefined();
    expect(valueAt(data, ['usage', 'constructor', 'name'])).toBeUndefined();
  });

  it('may name the model of all events of a type', () => {
    const text = ingest('{ model_name: whisper, quantities: { audio_ms: duration_ms } }');
    const mapping = catalogOf(document({ ingest: text })).mappings?.['my.tokens'];
    expect(mapping?.model).toEqual({ value: 'whisper' });
  });

  it.each([
    ['{ quantities: { input: n } }', '', 'invalid_mapping'],
    ['{ model: a, model_name: b, quantities: { input: n } }', '', 'invalid_mapping'],
    ['{ model: a, quantities: {} }', '/quantities', 'invalid_value'],
    ['{ model: a, quantities: { tokens: n } }', '/quantities/tokens', 'unknown_quantity'],
    ['{ model: a, quantities: { input: "a..b" } }', '/quantities/input', 'invalid_path'],
    ['{ model: a, tokens: b, quantities: { input: n } }', '/tokens', 'unknown_field'],
  ])('cannot be %s', (mapping, place, code) => {
    expect(problems(document({ ingest: ingest(mapping) }))).toEqual([
      [`/ingest/mappings/my.tokens${place}`, 6, code],
    ]);
  });

  it('cannot be of our own event types', () => {
    const own = '{ mappings: { dev.meterbook.usage.v1: { model: a, quantities: { input: n } } } }';
    expect(problems(document({ ingest: own }))[0]?.[2]).toBe('invalid_name');
  });
});

describe('hostile catalog document', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it.each([
    ['application/json', nested(250_000)],
    ['application/yaml', nested(250_000)],
    ['application/yaml', '{a: '.repeat(100_000)],
    ['application/yaml', Array.from({ length: 40 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
  ] as const)('in %s, nested too deep, is refused before it is read', (mediaType, text) => {
    const parsed = parseCatalogText(text, mediaType);
    expect(parsed).toMatchObject({ problems: [{ code: 'too_deep' }] });
  });

  it('with aliases of aliases is not unfolded', () => {
    const list = (name: string) => `[${Array(9).fill(name).join()}]`;
    const text = `a: &a ${list('1')}\nb: &b ${list('*a')}\nc: &c ${list('*b')}\nd: ${list('*c')}`;
    expect(problems(text)).toEqual([['', null, 'invalid_yaml']]);
  });

  // The parser's own check of 60,000 keys took seven minutes.
  it('with sixty thousand keys is answered within seconds, with its first hundred faults', () => {
    const keys = Array.from({ length: 60_000 }, (_, n) => `k${n}: 1`).join('\n');
    const startedAt = performance.now();
    const found = problems(keys);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(found).toHaveLength(101);
    expect(found.at(-1)?.[2]).toBe('too_many_faults');
  });

  it.each([
    ['a: 1\nb: 2\na: 3', 3],
    ['a: { b: 1,\n b: 2 }', 2],
  ])('that repeats a key names the line (%j)', (text, line) => {
    expect(problems(text)).toEqual([[expect.any(String), line, 'duplicate_key']]);
  });

  it('keeps a key called __proto__ as a name like any other', () => {
    expect(problems(`${HEAD}__proto__: { version: b }`).map(([pointer]) => pointer)).toContain(
      '/__proto__',
    );
  });
});
