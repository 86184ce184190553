// What usage is counted in. Pools are disjoint: a token is in exactly one of them, so sums never count twice.

/** Token pools, in the order of the HTTP contract. A cached token of any modality is `cached_input`. */
export const TOKEN_POOLS = [
  'input',
  'cached_input',
  'cache_write_5m',
  'cache_write_1h',
  'output',
  'reasoning',
  'audio_input',
  'audio_output',
  'image_input',
  'image_output',
  'video_input',
] as const;

/** Pools that a model reads: what input counts in, cached or not. */
export const INPUT_POOLS = [
  'input',
  'cached_input',
  'cache_write_5m',
  'cache_write_1h',
  'audio_input',
  'image_input',
  'video_input',
] as const;

/** Pools that a model writes. With the input pools they are all of them, each once. */
export const OUTPUT_POOLS = ['output', 'reasoning', 'audio_output', 'image_output'] as const;

/** What is counted beside tokens: milliseconds of audio, characters, images, searches. */
export const MEASURES = ['audio_ms', 'characters', 'images', 'searches'] as const;

/** The fifteen quantities that an event can carry and that a price row can be for. */
export const QUANTITIES = [...TOKEN_POOLS, ...MEASURES] as const;

export type TokenPool = (typeof TOKEN_POOLS)[number];
export type Measure = (typeof MEASURES)[number];
export type Quantity = (typeof QUANTITIES)[number];

/** Whole units per quantity; an absent one is zero. Each is at most 2^53−1 in one event; negative only in a correction's delta. */
export type Quantities = Partial<Record<Quantity, number>>;

export const SERVICE_TIERS = ['on_demand', 'flex', 'batch', 'performance'] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];
