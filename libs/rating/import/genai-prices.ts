// The genai-prices catalogue (https://github.com/pydantic/genai-prices) as models with prices. Prices there are USD per million tokens.
import type { Quantity } from '../../events/quantities.js';
import type {
  Imported,
  ImportedModel,
  ImportOptions,
  LeftOut,
  RefusedEntry,
} from './imported-model.js';
import { EntryFault, isAllZero, reasonOf, tokensOf } from './imported-model.js';
import { femtoOf } from './list-number.js';
import { PriceRows } from './price-rows.js';

type Fields = Readonly<Record<string, unknown>>;

const MILLION = 1_000_000n;

const PLACES: Readonly<Record<string, Quantity>> = {
  input_mtok: 'input',
  output_mtok: 'output',
  cache_read_mtok: 'cached_input',
  cache_write_mtok: 'cache_write_5m',
  input_audio_mtok: 'audio_input',
  output_audio_mtok: 'audio_output',
};

/**
 * Every model of every provider is taken at its price of the list's day (`asOf`; without one, at its newest), or refused with the
 * reason; entries are named `provider/model`. Throws a RangeError when it is no such catalogue.
 */
export function importGenaiPrices(json: unknown, options: ImportOptions = {}): Imported {
  if (!Array.isArray(json)) throw new RangeError('the genai-prices catalogue is not a list');
  const models: ImportedModel[] = [];
  const refused: RefusedEntry[] = [];
  const leftOut: LeftOut[] = [];
  for (const provider of json as Fields[])
    for (const model of (provider['models'] ?? []) as Fields[]) {
      const entry = `${String(provider['id'])}/${String(model['id'])}`;
      try {
        const left: LeftOut[] = [];
        models.push(modelOf(entry, provider, model, { options, left }));
        leftOut.push(...left);
      } catch (error) {
        refused.push({ entry, reason: reasonOf(error) });
      }
    }
  return { models, refused, leftOut };
}

interface Context {
  readonly options: ImportOptions;
  readonly left: LeftOut[];
}

function modelOf(
  entry: string,
  provider: Fields,
  model: Fields,
  { options, left }: Context,
): ImportedModel {
  const asOf = options.asOf ?? null;
  const prices = rowsOf(entry, pricesAt(model['prices'], asOf), left);
  if (Object.keys(prices).length === 0) throw new EntryFault('has no prices');
  if (isAllZero(prices) && options.takeFree !== true)
    throw new EntryFault('every price is 0, and the list does not tell free from unknown');
  return {
    provider: String(provider['id']),
    model: String(model['id']),
    prices,
    contextWindow: tokensOf(model['context_window']),
    maxOutputTokens: null,
    source: 'genai-prices',
    asOf,
  };
}

// The unconditional price first, then those from a day on; prices by the time of day have no place in hourly sums of a catalog.
function pricesAt(prices: unknown, asOf: string | null): Fields {
  if (!Array.isArray(prices)) return (prices ?? {}) as Fields;
  let found: Fields | undefined;
  let since = '';
  for (const { constraint, prices: table } of prices as { constraint?: Fields; prices: Fields }[]) {
    const day = constraint === undefined ? '' : constraint['start_date'];
    if (typeof day !== 'string') throw new EntryFault('prices by the time of day');
    if ((asOf === null || day <= asOf) && (found === undefined || day > since))
      [found, since] = [table, day];
  }
  if (!found) throw new EntryFault(`has no price on ${asOf}`);
  return found;
}

function rowsOf(entry: string, prices: Fields, left: LeftOut[]): ImportedModel['prices'] {
  const rows = new PriceRows();
  for (const [field, value] of Object.entries(prices)) {
    if (field === 'requests_kcount')
      throw new EntryFault(`${field}: a price per request, which Meterbook has no row for`);
    const quantity = Object.hasOwn(PLACES, field) ? PLACES[field] : undefined;
    if (quantity) addPrice(rows, quantity, value);
    else left.push({ entry, field, reason: 'a cached token of any modality is cached_input' });
  }
  return rows.tablesOf((row) =>
    left.push({ entry, field: row, reason: 'a price for long inputs only' }),
  );
}

// A number, or `{base, tiers: [{start, price}]}`: the last tier whose start the input exceeds prices the whole request.
function addPrice(rows: PriceRows, quantity: Quantity, value: unknown): void {
  const isTiered = typeof value === 'object' && value !== null;
  const { base, tiers } = (isTiered ? value : { base: value }) as {
    base: unknown;
    tiers?: unknown;
  };
  rows.set('on_demand', quantity, { tokens: 0, femtoPerUnit: femtoOf(base, MILLION) });
  for (const { start, price } of (tiers ?? []) as Fields[]) {
    const tokens = tokensOf(start);
    if (tokens === null) throw new EntryFault(`a tier from ${String(start)} tokens`);
    rows.set('on_demand', quantity, { tokens, femtoPerUnit: femtoOf(price, MILLION) });
  }
}
