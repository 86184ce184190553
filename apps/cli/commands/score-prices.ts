// How much of the public price lists is taken, why the rest is not, and whether what is taken prices calls as others do.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Imported } from '#libs/rating/import/imported-model.js';
import { fits, type MatchRule } from '../domain/genai-match.js';
import { withPart } from '../domain/marked-part.js';
import { judgeReading, type NormalUsage } from '../domain/price-list-score.js';
import { listReport, readingReport } from '../domain/price-list-report.js';
import type { Progress } from '../progress.js';
import { readPriceList } from './import-catalog.js';

export interface ScorePricesOptions {
  readonly data: string;
  readonly write?: string;
}

const LITELLM = 'prices/litellm_model_prices_2026-08-06.json.gz';
const GENAI = 'prices/genai_prices_catalogue_2026-08-21.json.gz';
const CASES = 'usage/genai_prices_cases.jsonl.gz';

interface Case {
  readonly model: string;
  readonly expected: readonly {
    readonly usage: NormalUsage;
    readonly extractors: readonly {
      readonly provider_id: string;
      readonly input_price?: string;
      readonly output_price?: string;
    }[];
  }[];
}

interface Provider {
  readonly id: string;
  readonly models: readonly { readonly id: string; readonly match: MatchRule }[];
  /** Whose models it also sells, at their prices. */
  readonly fallback_model_providers?: readonly string[];
}

/** Prints the report; true when no call is priced otherwise than by the other program. */
export async function scorePrices(
  options: ScorePricesOptions,
  progress: Progress,
): Promise<boolean> {
  const path = (file: string): string => join(options.data, file);
  const litellm = readPriceList('litellm', path(LITELLM), { asOf: '2026-08-06' });
  const genai = readPriceList('genai-prices', path(GENAI), { asOf: '2026-08-21' });
  const text = (file: string): string => gunzipSync(readFileSync(path(file))).toString('utf8');
  const cases = text(CASES)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
  const counts = countReadings(cases, JSON.parse(text(GENAI)) as Provider[], genai);
  const report = [
    listReport('LiteLLM price map, 6 August 2026', litellm),
    listReport('genai-prices catalogue, 21 August 2026', genai),
    readingReport(counts),
  ].join('\n\n');
  progress.say(report);
  if (options.write)
    writeFileSync(
      options.write,
      withPart(readFileSync(options.write, 'utf8'), 'price lists', report),
    );
  progress.result(Object.fromEntries(counts));
  return (counts.get('different') ?? 0) === 0;
}

function countReadings(
  cases: readonly Case[],
  providers: readonly Provider[],
  { models, refused }: Imported,
): Map<string, number> {
  const imported = new Map(models.map((one) => [`${one.provider}/${one.model}`, one]));
  const known = new Set(refused.map(({ entry }) => entry));
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const { model: name, expected } of cases)
    for (const { usage, extractors } of expected)
      for (const one of extractors) {
        const { provider_id: provider, input_price: inputPrice, output_price: outputPrice } = one;
        if (inputPrice === undefined || outputPrice === undefined) continue;
        const entry = entryOf(providers, provider, name);
        const model = entry === undefined ? undefined : imported.get(entry);
        const isKnown = entry !== undefined && known.has(entry);
        if (model) count(judgeReading(model, { usage, inputPrice, outputPrice }));
        else count(isKnown ? NOT_TAKEN : OTHERWISE);
      }
  return counts;
}

const NOT_TAKEN = 'of an entry that was not taken';
const OTHERWISE = 'of a model that its code finds otherwise';

function entryOf(
  providers: readonly Provider[],
  provider: string,
  name: string,
): string | undefined {
  const own = providers.find(({ id }) => id === provider);
  const sellers = [provider, ...(own?.fallback_model_providers ?? [])];
  for (const seller of sellers) {
    const models = providers.find(({ id }) => id === seller)?.models ?? [];
    const found = models.find(({ match }) => fits(match, name));
    if (found) return `${seller}/${found.id}`;
  }
  return undefined;
}
