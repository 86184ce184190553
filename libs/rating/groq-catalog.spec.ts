import type { Quantity } from '../events/quantities.js';
import type { PriceTable } from './catalog.js';
import { unitPrice } from './test/terms.js';
import { existsSync, readFileSync } from 'node:fs';
import { formatPricePerMillion } from '../money/money.js';
import { parseCatalogText } from './catalog-document.js';
import type { Catalog } from './catalog.js';

const FACTS = '../shared/catalog-facts/groq-price-and-limits.json';

interface LimitFacts {
  model: string;
  rpm: number | null;
  rpd: number | null;
  tpm: number | null;
  tpd: number | null;
  audio_seconds_per_hour: number | null;
  audio_seconds_per_day: number | null;
}

interface Facts {
  groq: {
    prices_tokens: {
      model: string;
      nano_usd_per_mtok: { input: number; output: number; cached_input: number | null };
    }[];
    prices_audio_and_speech: {
      model: string;
      usd_per_audio_hour?: string;
      usd_per_million_characters?: string;
    }[];
    free_plan_limits: LimitFacts[];
    developer_plan_limits: LimitFacts[];
  };
}

function shipped(): Catalog {
  const parsed = parseCatalogText(readFileSync('catalog/groq.yaml', 'utf8'), 'application/yaml');
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems, null, 1));
  return parsed.catalog;
}

function limitsOn(catalog: Catalog, tier: string, model: string) {
  return catalog.tiers.find(({ name }) => name === tier)?.limits[model];
}

/** Prices per unit: the catalog has no other. */
function femtoOf(table: PriceTable = {}): Partial<Record<Quantity, bigint>> {
  return Object.fromEntries(
    Object.entries(table).map(([quantity, price]) => [quantity, unitPrice(price)]),
  );
}

/** Empty where the shared notes do not lie beside the checkout. */
function readFacts(): Facts['groq'] {
  if (existsSync(FACTS)) return (JSON.parse(readFileSync(FACTS, 'utf8')) as Facts).groq;
  return {
    prices_tokens: [],
    prices_audio_and_speech: [],
    free_plan_limits: [],
    developer_plan_limits: [],
  };
}

describe('shipped catalog', () => {
  const catalog = shipped();
  const models = Object.entries(catalog.models);

  it('has the tiers Free, Developer and Enterprise in the order of upgrades', () => {
    expect(catalog.tiers.map(({ title, monthlyFee, usage }) => [title, monthlyFee, usage])).toEqual(
      [
        ['Free', '0', 'free'],
        ['Developer', '0', 'metered'],
        ['Enterprise', null, 'contract'],
      ],
    );
    expect(limitsOn(catalog, 'free', 'llama-3.1-8b-instant')).toEqual({
      requests_per_minute: 30,
      requests_per_day: 14_400,
      tokens_per_minute: 6_000,
      tokens_per_day: 500_000,
    });
  });

  it('prices every token pool that it prices at all on demand, in flex and in batch', () => {
    for (const [, { prices }] of models)
      for (const tier of Object.values(prices))
        expect(Object.keys(tier)).toEqual(Object.keys(prices.on_demand ?? {}));
  });

  it('has flex at the price on demand, batch at half of it, to the last decimal', () => {
    for (const [name, { prices }] of models) {
      expect([name, prices.flex]).toEqual([name, prices.on_demand]);
      for (const [quantity, batch = 0n] of Object.entries(femtoOf(prices.batch))) {
        const onDemand = femtoOf(prices.on_demand)[quantity as 'input'] ?? 0n;
        const half = 2n * batch - onDemand;
        // Cache and batch discounts do not add up; halves of rounded prices are off by one femto at most.
        const cached = quantity === 'cached_input' && batch <= (femtoOf(prices.batch).input ?? 0n);
        expect([name, quantity, cached || (half >= -1n && half <= 1n)]).toEqual([
          name,
          quantity,
          true,
        ]);
      }
    }
  });

  it('runs adapters above the base price on Developer and at it on Enterprise', () => {
    const enterprise = catalog.tiers.find(({ name }) => name === 'enterprise');
    const adapted = models.filter(([, { adapters }]) => adapters['lora']);
    expect(adapted.length).toBeGreaterThan(0);
    for (const [name, { prices, adapters }] of adapted) {
      expect(enterprise?.prices[name]?.adapters['lora']?.byTier).toEqual(prices);
      for (const [tier, rows] of Object.entries(adapters['lora']?.byTier ?? {}))
        for (const [quantity, price] of Object.entries(femtoOf(rows)))
          expect(price).toBeGreaterThan(
            femtoOf(prices[tier as 'batch'])[quantity as 'input'] as bigint,
          );
    }
  });

  it('has every published price', () => {
    const groq = readFacts();
    expect(groq.prices_tokens).toHaveLength(existsSync(FACTS) ? 35 : 0);
    for (const { model, nano_usd_per_mtok: nano } of groq.prices_tokens)
      expect([model, femtoOf(catalog.models[model]?.prices.on_demand)]).toEqual([
        model,
        {
          input: BigInt(nano.input),
          cached_input: BigInt(nano.cached_input ?? nano.input),
          output: BigInt(nano.output),
          reasoning: BigInt(nano.output),
        },
      ]);
    for (const fact of groq.prices_audio_and_speech) {
      const { audio_ms: audio = 0n, characters = 0n } = femtoOf(
        catalog.models[fact.model]?.prices.on_demand,
      );
      const perHour = Number(formatPricePerMillion(audio)) * 3.6;
      expect(perHour).toBeCloseTo(Number(fact.usd_per_audio_hour ?? 0), 7);
      const perMillion = Number(formatPricePerMillion(characters));
      expect(perMillion).toBe(Number(fact.usd_per_million_characters ?? 0));
    }
  });

  it('has every published limit, and null for what is not published', () => {
    const groq = readFacts();
    const facts = [
      ...groq.free_plan_limits.map((fact) => ({ tier: 'free', fact })),
      ...groq.developer_plan_limits.map((fact) => ({ tier: 'developer', fact })),
    ];
    for (const { tier, fact } of facts) {
      const limits = limitsOn(catalog, tier, fact.model.replace(/ \(.*/, ''));
      expect([tier, fact.model, limits]).toEqual([
        tier,
        fact.model,
        expect.objectContaining({ requests_per_minute: fact.rpm, requests_per_day: fact.rpd }),
      ]);
      expect([limits?.tokens_per_minute ?? null, limits?.tokens_per_day ?? null]).toEqual([
        fact.tpm,
        fact.tpd,
      ]);
      expect(limits?.audio_seconds_per_hour ?? null).toBe(fact.audio_seconds_per_hour);
      expect(limits?.audio_seconds_per_day ?? null).toBe(fact.audio_seconds_per_day);
    }
  });
});
