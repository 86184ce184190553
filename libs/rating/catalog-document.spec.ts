import { parseCatalogText } from './catalog-document.js';
import { priced } from './test/terms.js';

const VALID = `version: 2026-11-a
effective_from: 2026-12-01T00:00:00Z
currency: USD
models:
  llama-3.1-8b-instant:
    title: Llama 3.1 8B Instant
    context_window: 131072
    prices: # USD per million units
      on_demand: { input: "0.05", cached_input: "0.025", output: "0.08", reasoning: "0.08" }
      batch:     { input: "0.025", cached_input: "0.0125", output: "0.04", reasoning: "0.04" }
    adapters:  { lora: { input: "0.07", output: "0.11" } }
  whisper-large-v3:
    prices:
      on_demand: { audio_ms: "0.030833333" }
    adapters:
      lora: { on_demand: { audio_ms: "1" }, batch: { audio_ms: "0.5" } }
tiers:
  free:
    monthly_fee: "0"
    usage: free
    features: [community_support, playground]
    limits: { llama-3.1-8b-instant: { requests_per_minute: 30, tokens_per_minute: 6000, tokens_per_day: null } }
  enterprise:
    title: Enterprise (by contract)
    usage: contract
    prices:
      llama-3.1-8b-instant: { adapters: { lora: { input: "0.05", output: "0.08" } } }
`;

function problemsOf(text: string, mediaType: 'application/json' | 'application/yaml') {
  const parsed = parseCatalogText(text, mediaType);
  if (!('problems' in parsed)) throw new Error('the document was accepted');
  return parsed.problems;
}

/** The valid document with one line (counted from 1) replaced. */
function withLine(line: number, replacement: string): string {
  return VALID.split('\n')
    .with(line - 1, replacement)
    .join('\n');
}

describe('catalog document', () => {
  it('becomes prices in femto-units per unit, limits and tiers in order', () => {
    const parsed = parseCatalogText(VALID, 'application/yaml');
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    const { catalog, document } = parsed;
    expect(catalog.version).toBe('2026-11-a');
    expect(catalog.effectiveFrom).toBe(Date.UTC(2026, 11, 1));
    const llama = catalog.models['llama-3.1-8b-instant'];
    expect(llama?.prices.batch).toEqual(
      priced({
        input: 25_000_000n,
        cached_input: 12_500_000n,
        output: 40_000_000n,
        reasoning: 40_000_000n,
      }),
    );
    expect(llama?.adapters['lora']).toEqual({
      any: priced({ input: 70_000_000n, output: 110_000_000n }),
      byTier: {},
    });
    expect(llama?.about).toEqual({
      title: 'Llama 3.1 8B Instant',
      status: null,
      contextWindow: 131_072,
      maxOutputTokens: null,
    });
    expect(catalog.models['whisper-large-v3']?.adapters['lora']).toEqual({
      byTier: {
        on_demand: priced({ audio_ms: 1_000_000_000n }),
        batch: priced({ audio_ms: 500_000_000n }),
      },
    });
    expect(catalog.tiers.map((tier) => [tier.name, tier.title, tier.monthlyFee])).toEqual([
      ['free', 'Free', '0'],
      ['enterprise', 'Enterprise (by contract)', null],
    ]);
    expect(catalog.tiers[0]?.limits['llama-3.1-8b-instant']).toEqual({
      requests_per_minute: 30,
      tokens_per_minute: 6000,
      tokens_per_day: null,
    });
    expect(catalog.tiers[1]?.prices['llama-3.1-8b-instant']?.adapters['lora']?.any).toEqual(
      priced({ input: 50_000_000n, output: 80_000_000n }),
    );
    expect(document).toMatchObject({ currency: 'USD' });
  });

  it('is the same catalog as JSON', () => {
    const yaml = parseCatalogText(VALID, 'application/yaml');
    if ('problems' in yaml) throw new Error('refused');
    expect(parseCatalogText(JSON.stringify(yaml.document, null, 1), 'application/json')).toEqual(
      yaml,
    );
  });

  const onDemand = '/models/llama-3.1-8b-instant/prices/on_demand';
  it.each([
    // line, replacement, code, pointer
    [9, '      on_demand: { input: "-0.05" }', 'negative_price', `${onDemand}/input`],
    [9, '      on_demand: { input: "0.0000000001" }', 'too_many_decimals', `${onDemand}/input`],
    [9, '      on_demand: { input: "5e-2" }', 'invalid_price', `${onDemand}/input`],
    [9, '      on_demand: { input: "" }', 'invalid_price', `${onDemand}/input`],
    [9, '      on_demand: { input: 0.05 }', 'invalid_price', `${onDemand}/input`],
    [9, '      on_demand: { input: null }', 'invalid_price', `${onDemand}/input`],
    [9, '      on_demand: { inputs: "0.05" }', 'unknown_quantity', `${onDemand}/inputs`],
    [9, '      on_demand: 5', 'invalid_value', onDemand],
    [
      9,
      '      urgent: { input: "0.05" }',
      'unknown_service_tier',
      '/models/llama-3.1-8b-instant/prices/urgent',
    ],
    [
      11,
      '    adapters: { lora: { input: "x" } }',
      'invalid_price',
      '/models/llama-3.1-8b-instant/adapters/lora/input',
    ],
    [
      16,
      '      lora: { on_demand: { audio_ms: "1" }, input: "0.5" }',
      'unknown_service_tier',
      '/models/whisper-large-v3/adapters/lora/input',
    ],
    [6, '    colour: red', 'unknown_field', '/models/llama-3.1-8b-instant/colour'],
    [7, '    context_window: 0', 'invalid_value', '/models/llama-3.1-8b-instant/context_window'],
    [1, 'version: 7', 'invalid_version', '/version'],
    [2, 'effective_from: 2026-12-01T00:30:00Z', 'invalid_effective_from', '/effective_from'],
    [2, 'effective_from: 2026-02-30T00:00:00Z', 'invalid_effective_from', '/effective_from'],
    [2, 'effective_from: tomorrow', 'invalid_effective_from', '/effective_from'],
    [3, 'currency: usd', 'invalid_currency', '/currency'],
    [3, 'currency: QQQ', 'invalid_currency', '/currency'],
    [19, '    monthly_fee: "-1"', 'invalid_fee', '/tiers/free/monthly_fee'],
    [20, '    usage: gratis', 'invalid_value', '/tiers/free/usage'],
    [
      22,
      '    limits: { llama-3.1-8b-instant: { requests_per_week: 30 } }',
      'unknown_limit',
      '/tiers/free/limits/llama-3.1-8b-instant/requests_per_week',
    ],
    [
      22,
      '    limits: { llama-3.1-8b-instant: { requests_per_day: -1 } }',
      'invalid_limit',
      '/tiers/free/limits/llama-3.1-8b-instant/requests_per_day',
    ],
    [
      22,
      '    limits: { a/b: { requests_per_day: 1 } }',
      'unknown_model',
      '/tiers/free/limits/a~1b',
    ],
    [22, '    limit: {}', 'unknown_field', '/tiers/free/limit'],
    [22, '    sources: [hearsay]', 'unknown_source', '/tiers/free/sources/0'],
  ])('line %i "%s" is %s at %s', (line, replacement, code, pointer) => {
    expect(problemsOf(withLine(line, replacement), 'application/yaml')).toContainEqual(
      expect.objectContaining({ code, pointer, line, detail: expect.stringMatching(/./) }),
    );
  });

  it('names every problem at once, each once', () => {
    const text = withLine(9, '      on_demand: { input: "-1", output: "x" }').replace(
      'version: 2026-11-a\n',
      '',
    );
    expect(problemsOf(text, 'application/yaml').map(({ code, line }) => [code, line])).toEqual([
      ['missing_field', 1],
      ['negative_price', 8],
      ['invalid_price', 8],
    ]);
  });

  it.each([
    ['a repeated key', 'application/yaml', `${VALID}currency: EUR\n`, 'duplicate_key', 28],
    ['broken YAML', 'application/yaml', 'version: [1\nmodels: {', 'invalid_yaml', 2],
    ['an unknown tag', 'application/yaml', 'version: !money "1"', 'invalid_yaml', 1],
    ['an alias bomb', 'application/yaml', bomb(), 'invalid_yaml', null],
    ['two documents', 'application/yaml', `${VALID}---\n${VALID}`, 'invalid_yaml', 28],
    ['no document', 'application/yaml', '', 'invalid_value', null],
    ['a list', 'application/json', '[]', 'invalid_value', 1],
    ['broken JSON', 'application/json', '{\n"version" "a"}', 'invalid_json', 2],
    [
      'a repeated JSON key',
      'application/json',
      '{"version":"a",\n"version":"b"}',
      'duplicate_key',
      2,
    ],
  ] as const)('refuses %s', (_, mediaType, text, code, line) => {
    expect(problemsOf(text, mediaType)[0]).toMatchObject({ code, line });
  });

  it('keeps a model called __proto__ or constructor to itself', () => {
    const text = VALID.replace('whisper-large-v3:', '__proto__:');
    const parsed = parseCatalogText(text, 'application/yaml');
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    expect(Object.keys(parsed.catalog.models)).toContain('__proto__');
    expect(Object.getPrototypeOf(parsed.catalog.models)).toBe(Object.prototype);
  });
});

function bomb(): string {
  const levels = Array.from(
    { length: 12 },
    (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
  );
  return ['l0: &l0 x', ...levels].join('\n');
}
