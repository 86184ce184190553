// The whole public lists, where the shared data lies beside the checkout: nothing is dropped without a word.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { importGenaiPrices } from './genai-prices.js';
import type { Imported, ImportedModel } from './imported-model.js';
import { importLitellm } from './litellm.js';

const FOLDER = '../shared/data/prices';
const hasLists = existsSync(FOLDER);
const read = (file: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(`${FOLDER}/${file}`)).toString('utf8'));

const find = ({ models }: Imported, model: string): ImportedModel | undefined =>
  models.find((one) => one.model === model);

(hasLists ? describe : describe.skip)('public price list', () => {
  it('of LiteLLM is taken or refused entry by entry', () => {
    const json = read('litellm_model_prices_2026-08-06.json.gz') as Record<string, unknown>;
    const imported = importLitellm(json, { asOf: '2026-08-06' });
    const names = imported.models.map(({ model }) => model);
    expect([...names, ...imported.refused.map(({ entry }) => entry)].toSorted()).toEqual(
      Object.keys(json).toSorted(),
    );
    expect(imported.refused.every(({ reason }) => reason.length > 5)).toBe(true);
    expect([imported.models.length, imported.refused.length]).toEqual([2_623, 363]);
    expect(find(imported, 'claude-sonnet-4-5')?.prices.on_demand?.output).toEqual({
      femtoPerUnit: 15_000_000_000n,
      aboveContext: [{ tokens: 200_000, femtoPerUnit: 22_500_000_000n }],
    });
    expect(find(imported, 'o3')?.prices.flex?.cached_input?.femtoPerUnit).toBe(250_000_000n);
    expect(find(imported, 'whisper-1')?.prices.on_demand?.audio_ms?.femtoPerUnit).toBe(
      100_000_000n,
    );
  });

  it('of genai-prices is taken or refused entry by entry', () => {
    const json = read('genai_prices_catalogue_2026-08-21.json.gz') as { models: unknown[] }[];
    const imported = importGenaiPrices(json, { asOf: '2026-08-21' });
    expect(imported.models.length + imported.refused.length).toBe(
      json.reduce((sum, { models }) => sum + models.length, 0),
    );
    expect([imported.models.length, imported.refused.length]).toEqual([1_272, 170]);
    // The price of 13 March 2026 holds, without its earlier surcharge for long inputs.
    expect(find(imported, 'claude-opus-4-6')?.prices.on_demand?.input).toEqual({
      femtoPerUnit: 5_000_000_000n,
      aboveContext: [],
    });
  });
});
