// How well the importers read: calls that another program has priced by the same list, priced again from what we imported.
import type { Quantities, Quantity } from '#libs/events/quantities.js';
import { femtoOf } from '#libs/rating/import/list-number.js';
import type { ImportedModel, ImportedPrice } from '#libs/rating/import/imported-model.js';

/** Normalised usage as genai-prices writes it: `input_tokens` has cached, written and audio tokens inside. */
export type NormalUsage = Readonly<Record<string, number>>;

export interface PricedReading {
  readonly usage: NormalUsage;
  readonly inputPrice: string;
  readonly outputPrice: string;
}

export type ReadingVerdict =
  | 'equal'
  | 'cached audio at a price of its own there; a cached token of any modality is `cached_input` here'
  | 'made images apart from text there, by a newer list than this one'
  | 'has a pool that the model has no price for'
  | 'different';

/** Prices a reading from an imported model and compares both sides, to the last digit. */
export function judgeReading(model: ImportedModel, reading: PricedReading): ReadingVerdict {
  const { input, output } = poolsOf(reading.usage);
  const context = reading.usage['input_tokens'] ?? 0;
  const inputFemto = costOf(model, input, context);
  const outputFemto = costOf(model, output, context);
  if (inputFemto === undefined || outputFemto === undefined)
    return 'has a pool that the model has no price for';
  const isEqual =
    inputFemto === femtoOf(reading.inputPrice) && outputFemto === femtoOf(reading.outputPrice);
  if (isEqual) return 'equal';
  if (reading.usage['cache_audio_read_tokens'])
    return 'cached audio at a price of its own there; a cached token of any modality is `cached_input` here';
  // The list of that day has one output price for these models; the answers tell images (30 or 120 USD) from text (2.5 or 12).
  const isImageModel = /-image(-preview)?$/.test(model.model);
  return isImageModel
    ? 'made images apart from text there, by a newer list than this one'
    : 'different';
}

function poolsOf(usage: NormalUsage): { input: Quantities; output: Quantities } {
  const count = (name: string): number => usage[name] ?? 0;
  const audio = count('input_audio_tokens') - count('cache_audio_read_tokens');
  const cached = count('cache_read_tokens');
  const written = count('cache_write_tokens');
  const spoken = count('output_audio_tokens');
  return {
    input: {
      input: count('input_tokens') - cached - written - audio,
      cached_input: cached,
      cache_write_5m: written,
      audio_input: audio,
    },
    output: { output: count('output_tokens') - spoken, audio_output: spoken },
  };
}

// That list prices text and audio alike where a model has one price for both.
const INSTEAD: Partial<Record<Quantity, Quantity>> = {
  audio_input: 'input',
  audio_output: 'output',
};

function costOf(model: ImportedModel, pools: Quantities, context: number): bigint | undefined {
  const rows = model.prices.on_demand ?? {};
  let cost = 0n;
  for (const [pool, units] of Object.entries(pools) as [Quantity, number][]) {
    if (units === 0) continue;
    const price = rows[pool] ?? rows[INSTEAD[pool] ?? pool];
    if (!price) return undefined;
    cost += BigInt(units) * femtoAt(price, context);
  }
  return cost;
}

function femtoAt({ femtoPerUnit, aboveContext }: ImportedPrice, context: number): bigint {
  return aboveContext.findLast(({ tokens }) => context > tokens)?.femtoPerUnit ?? femtoPerUnit;
}
