// Why a recorded cost is not the list price of its call: prompt caching, and faults of the tool that recorded it.
import type { Quantities } from '#libs/events/quantities.js';
import { femtoOf } from '#libs/rating/import/list-number.js';
import { cachePricesOf } from './paid-calls-catalog.js';
import type { PaidCall } from './paid-calls.js';

export type Verdict =
  | 'equal'
  | 'equal but for binary digits'
  | 'equal once cached tokens are told apart'
  | 'prompt cache read and written in one call, how much of each is not recorded'
  | 'the tool charged cached tokens twice'
  | 'the tool took a price off a token count'
  | 'the tool had another price'
  | 'no price on that day, recorded as 0'
  | 'no price on that day, recorded as paid'
  | 'unexplained';

/** The tool adds binary floats: its sums are off from the 16th digit on. A cost below 10 USD is off by less than this. */
export const NOISE_FEMTO = 10n;

/** The usage of a call, with so many of its prompt tokens in other pools. */
export function tokensOf(call: PaidCall, cached: Quantities): Quantities {
  const taken = Object.values(cached).reduce((sum, tokens) => sum + tokens, 0);
  return { input: call.promptTokens - taken, output: call.completionTokens, ...cached };
}

export interface Told {
  readonly verdict: Verdict;
  /** What the call used after all; absent: as it stands. */
  readonly tokens?: Quantities;
  /** What the tool recorded too much by its own fault. */
  readonly faultFemto?: bigint;
  readonly detail: string;
}

/** How a recorded cost can lie so far above the list price (below 0: under it); checked by pricing what it tells. */
export type Explanation = (call: PaidCall, above: bigint) => Told | undefined;

const CACHED: Verdict = 'equal once cached tokens are told apart';

// The ledger counts cached tokens as prompt tokens. A cost below the list price is so many of them read from the cache at a tenth.
const readWithin: Explanation = (call, above) => {
  const prices = cacheFemto(call);
  const tokens = prices && wholeTokens(-above, prices.input - prices.read, call.promptTokens);
  if (!tokens) return undefined;
  const detail = `${tokens} tokens of cached_input`;
  return { verdict: CACHED, tokens: tokensOf(call, { cached_input: tokens }), detail };
};

// A cost above it is so many written to the cache at five quarters.
const writtenWithin: Explanation = (call, above) => {
  const prices = cacheFemto(call);
  if (!prices?.write) return undefined;
  const tokens = wholeTokens(above, prices.write - prices.input, call.promptTokens);
  if (!tokens) return undefined;
  const detail = `${tokens} tokens of cache_write_5m`;
  return { verdict: CACHED, tokens: tokensOf(call, { cache_write_5m: tokens }), detail };
};

// In November 2024 the tool was told Anthropic's own input_tokens, which leave out what was read from the cache.
const readBeside: Explanation = (call, above) => {
  const prices = cacheFemto(call);
  if (!prices?.write) return undefined;
  const tokens = wholeTokens(above, prices.read, 200_000);
  if (!tokens) return undefined;
  const beside = { ...tokensOf(call, {}), cached_input: tokens };
  const detail = `${tokens} tokens of cached_input beside the prompt`;
  return { verdict: CACHED, tokens: beside, detail };
};

// aider/coders/base_coder.py of that time: `cost += hit_price * hits; cost += (prompt_tokens - hit_price) * input_price`. Hits are not
// taken off the prompt, and a price is taken off instead.
const chargedTwice: Explanation = (call, above) => {
  const prices = cacheFemto(call);
  if (!prices || prices.write) return undefined;
  const tokens = wholeTokens(above, prices.read, call.promptTokens);
  if (!tokens) return undefined;
  const detail = `${tokens} cached tokens, at the cached price on top of the full one`;
  return { verdict: 'the tool charged cached tokens twice', faultFemto: above, detail };
};

// The same line without a hit: 0.14 USD per million, as a number, off the count of tokens at 0.55 USD per million is 77 femto-USD.
const priceOffTokens: Explanation = (call, above) => {
  if (cacheFemto(call)?.write !== null || above > -70n || above < -84n) return undefined;
  const detail = '0.00000014 tokens too few: the price of a cached token taken off the count';
  return { verdict: 'the tool took a price off a token count', faultFemto: above, detail };
};

const readAndWritten: Explanation = (call, above) => {
  const prices = cacheFemto(call);
  if (!prices?.write) return undefined;
  const more = prices.write - prices.input;
  for (let written = 1; written <= call.promptTokens; written += 1) {
    const rest = above - BigInt(written) * more;
    if (rest <= 0n) return undefined;
    const read = wholeTokens(rest, prices.read, 200_000);
    if (!read) continue;
    const tokens = { ...tokensOf(call, { cache_write_5m: written }), cached_input: read };
    const detail = `for example ${written} tokens of cache_write_5m, and ${read} of cached_input beside the prompt`;
    const verdict = 'prompt cache read and written in one call, how much of each is not recorded';
    return { verdict, tokens, detail };
  }
  return undefined;
};

// https://www.anthropic.com/pricing: Claude 3.5 Haiku cost 1.00 and 5.00 until early December 2024, then 0.80 and 4.00.
const olderHaiku: Explanation = (call, above) => {
  if (!call.model.includes('claude-3-5-haiku') || call.inputUsd === null) return undefined;
  const older =
    BigInt(call.promptTokens) * 200_000_000n + BigInt(call.completionTokens) * 1_000_000_000n;
  if (above !== older) return undefined;
  const detail = '1.00 and 5.00 USD per million, the price before December 2024';
  return { verdict: 'the tool had another price', faultFemto: above, detail };
};

/** In the order in which they are tried. */
export const EXPLANATIONS: readonly Explanation[] = [
  readWithin,
  writtenWithin,
  olderHaiku,
  readBeside,
  chargedTwice,
  priceOffTokens,
  readAndWritten,
];

function cacheFemto(call: PaidCall) {
  const cache = cachePricesOf(call.model);
  if (!cache || call.inputUsd === null) return undefined;
  const input = femtoOf(call.inputUsd);
  const share = ([numerator, denominator]: readonly [bigint, bigint]): bigint =>
    (input * numerator) / denominator;
  return { input, read: share(cache.read), write: cache.write && share(cache.write) };
}

// Tokens that come to an amount at a price each; only a whole number of them, but for a float's tail, explains anything.
function wholeTokens(amount: bigint, each: bigint, most: number): number | undefined {
  if (amount <= 0n || each <= 0n) return undefined;
  const tokens = Number((amount + each / 2n) / each);
  const off = BigInt(tokens) * each - amount;
  if (tokens < 1 || tokens > most || off > NOISE_FEMTO || off < -NOISE_FEMTO) return undefined;
  return tokens;
}
