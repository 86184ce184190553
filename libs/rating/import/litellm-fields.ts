// The price fields of the LiteLLM map, name by name: https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json
import type { Quantity, ServiceTier } from '../../events/quantities.js';

/** Where a field's price goes. */
export interface FieldPlace {
  readonly serviceTier: ServiceTier;
  readonly quantity: Quantity;
  /** 0 for any length, else above so many tokens of input. */
  readonly aboveContext: number;
  /** How many units of ours one of the field's is. */
  readonly units: bigint;
}

interface Place {
  readonly quantity: Quantity;
  readonly units?: bigint;
  /** Modes in which the field means this quantity; absent: all. */
  readonly modes?: readonly string[];
}

const SPOKEN = ['audio_speech'];
const HEARD = ['audio_transcription'];
const DRAWN = ['image_generation', 'image_edit'];

const PLACES: Readonly<Record<string, Place>> = {
  input_cost_per_token: { quantity: 'input' },
  output_cost_per_token: { quantity: 'output' },
  output_cost_per_reasoning_token: { quantity: 'reasoning' },
  cache_read_input_token_cost: { quantity: 'cached_input' },
  // DeepSeek's name for the same.
  input_cost_per_token_cache_hit: { quantity: 'cached_input' },
  cache_creation_input_token_cost: { quantity: 'cache_write_5m' },
  cache_creation_input_token_cost_above_1hr: { quantity: 'cache_write_1h' },
  input_cost_per_audio_token: { quantity: 'audio_input' },
  output_cost_per_audio_token: { quantity: 'audio_output' },
  input_cost_per_image_token: { quantity: 'image_input' },
  output_cost_per_image_token: { quantity: 'image_output' },
  input_cost_per_second: { quantity: 'audio_ms', units: 1_000n, modes: HEARD },
  input_cost_per_character: { quantity: 'characters', modes: SPOKEN },
  input_cost_per_image: { quantity: 'images', modes: DRAWN },
  output_cost_per_image: { quantity: 'images', modes: DRAWN },
  input_cost_per_query: { quantity: 'searches', modes: ['search'] },
};

const TIERS: Readonly<Record<string, ServiceTier>> = {
  batches: 'batch',
  flex: 'flex',
  priority: 'performance',
};

const FIELD = /^(.+?)(?:_above_(\d+)k_tokens)?(?:_(batches|flex|priority))?$/;

/** The place of a price field in an entry of a mode; undefined when Meterbook counts nothing of the kind. */
export function placeOf(field: string, mode: string): FieldPlace | undefined {
  const [, name = '', thousands, suffix] = FIELD.exec(field) ?? [];
  const place = Object.hasOwn(PLACES, name) ? PLACES[name] : undefined;
  if (!place || (place.modes && !place.modes.includes(mode))) return undefined;
  return {
    serviceTier: (suffix === undefined ? undefined : TIERS[suffix]) ?? 'on_demand',
    quantity: place.quantity,
    aboveContext: thousands === undefined ? 0 : Number(thousands) * 1_000,
    units: place.units ?? 1n,
  };
}

/** Whether a field holds a price at all. */
export function isPriceField(field: string): boolean {
  return /(^|_)costs?(_|$)/.test(field);
}

/** A price for each request: an entry without it would bill too little, so it is not taken at all. */
export const PER_REQUEST = /^(input|output)_cost_per_request$/;

/** Prices in a vendor's own unit that repeat what the entry's token prices say. */
export const REPEATED = /_dbu_cost_per_/;
