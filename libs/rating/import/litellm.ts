// The LiteLLM price map as models with prices. Prices there are USD per token, second, character, image or query.
import type {
  Imported,
  ImportedModel,
  ImportOptions,
  LeftOut,
  RefusedEntry,
} from './imported-model.js';
import { EntryFault, isAllZero, objectOf, reasonOf, tokensOf } from './imported-model.js';
import { femtoOf } from './list-number.js';
import type { FieldPlace } from './litellm-fields.js';
import { isPriceField, PER_REQUEST, placeOf, REPEATED } from './litellm-fields.js';
import { PriceRows } from './price-rows.js';

type Entry = Readonly<Record<string, unknown>>;

// Documentation and routing rules between the models.
const NO_MODELS: Readonly<Record<string, string>> = {
  sample_spec: 'documentation of the format, not a model',
  fallback_generalizations: 'routing rules, not a model',
};

/**
 * Every entry of the map is a model, or refused with the reason; what an entry prices beyond Meterbook's pools is in `leftOut`.
 * Throws a RangeError when it is no such map.
 */
export function importLitellm(json: unknown, options: ImportOptions = {}): Imported {
  const models: ImportedModel[] = [];
  const refused: RefusedEntry[] = [];
  const leftOut: LeftOut[] = [];
  for (const [entry, value] of Object.entries(objectOf(json, 'the LiteLLM price map')))
    try {
      const left: LeftOut[] = [];
      models.push(modelOf(entry, value, options, left));
      leftOut.push(...left);
    } catch (error) {
      refused.push({ entry, reason: reasonOf(error) });
    }
  return { models, refused, leftOut };
}

function modelOf(
  name: string,
  value: unknown,
  options: ImportOptions,
  left: LeftOut[],
): ImportedModel {
  const why = Object.hasOwn(NO_MODELS, name) ? NO_MODELS[name] : undefined;
  if (why !== undefined) throw new EntryFault(why);
  if (typeof value !== 'object' || value === null) throw new EntryFault('is not an object');
  const entry = value as Entry;
  const provider = entry['litellm_provider'];
  if (typeof provider !== 'string') throw new EntryFault('has no litellm_provider');
  const prices = pricesOf(name, entry, left);
  if (Object.keys(prices).length === 0) throw new EntryFault(withoutPrices(left));
  if (isAllZero(prices) && (options.takeFree !== true || left.length > 0))
    throw new EntryFault(left.length > 0 ? withoutPrices(left) : EVERY_ZERO);
  return {
    provider,
    model: name,
    prices,
    contextWindow: tokensOf(entry['max_input_tokens']) ?? tokensOf(entry['max_tokens']),
    maxOutputTokens: tokensOf(entry['max_output_tokens']),
    source: 'LiteLLM price map',
    asOf: options.asOf ?? null,
  };
}

const LONG_ONLY = 'a price for long inputs only';
const EVERY_ZERO = 'every price is 0, and the map does not tell free from unknown';

function withoutPrices(left: readonly LeftOut[]): string {
  if (left.length === 0) return 'has no prices';
  return `prices only what Meterbook does not count: ${left.map(({ field }) => field).join(', ')}`;
}

function pricesOf(name: string, entry: Entry, left: LeftOut[]): ImportedModel['prices'] {
  const mode = typeof entry['mode'] === 'string' ? entry['mode'] : 'chat';
  const rows = new PriceRows();
  for (const [field, value] of Object.entries(entry)) {
    if (field === 'tiered_pricing') addTiers(rows, value);
    if (!isPriceField(field) || REPEATED.test(field) || isNothing(value)) continue;
    if (PER_REQUEST.test(field))
      throw new EntryFault(`${field}: a price per request, which Meterbook has no row for`);
    const isSearch = field === 'search_context_cost_per_query';
    const price = isSearch ? searchPrice(value) : value;
    const place = isSearch
      ? placeOf('input_cost_per_query', 'search')
      : placeIn(entry, field, mode);
    if (place && price !== undefined)
      rows.set(place.serviceTier, place.quantity, {
        tokens: place.aboveContext,
        femtoPerUnit: femtoOf(price, place.units),
      });
    else if (!isRepeated(entry, field))
      left.push({ entry: name, field, reason: whyLeft(field, isSearch) });
  }
  return rows.tablesOf((row) => left.push({ entry: name, field: row, reason: LONG_ONLY }));
}

// Of an image model that prices both, what it makes is what is counted.
function placeIn(entry: Entry, field: string, mode: string): FieldPlace | undefined {
  const isInput = field === 'input_cost_per_image' && 'output_cost_per_image' in entry;
  return isInput ? undefined : placeOf(field, mode);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

// Transcription is priced per second of what is heard; most entries say the same, or 0, for what is written.
function isRepeated(entry: Entry, field: string): boolean {
  if (entry[field] === 0) return true;
  return field === 'output_cost_per_second' && entry[field] === entry['input_cost_per_second'];
}

function whyLeft(field: string, isSearch: boolean): string {
  if (isSearch) return 'searches of three sizes at three prices; Meterbook counts searches';
  if (field.includes('audio_token')) return 'a cached token of any modality is cached_input';
  return 'Meterbook counts nothing of the kind for this mode';
}

// One price for each size of a search is a price per search.
function searchPrice(value: unknown): unknown {
  const prices = new Set(Object.values(objectOf(value, 'search_context_cost_per_query')));
  return prices.size === 1 ? [...prices][0] : undefined;
}

// `{range: [32000, 128000], input_cost_per_token: …}`: prices by the length of the input, above the range's start.
function addTiers(rows: PriceRows, value: unknown): void {
  for (const tier of Array.isArray(value) ? (value as Entry[]) : []) {
    const range = tier['range'];
    if (!Array.isArray(range)) throw new EntryFault('tiered_pricing by something else than tokens');
    const tokens = range[0] === 0 ? 0 : tokensOf(range[0]);
    if (tokens === null) throw new EntryFault(`tiered_pricing from ${String(range[0])} tokens`);
    for (const [field, price] of Object.entries(tier)) {
      const place = placeOf(field, 'chat');
      if (place)
        rows.set(place.serviceTier, place.quantity, { tokens, femtoPerUnit: femtoOf(price) });
    }
  }
}
