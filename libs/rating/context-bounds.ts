// Prices by the length of a request's input. Usage is kept by the hour, so the length has to be kept with it: each hour's rows are
// apart by the highest of these bounds that the input exceeds, and a catalog may price by no other bound.
import { INPUT_POOLS, type Quantities } from '../events/quantities.js';

/** The bounds that public price lists use (LiteLLM and genai-prices, August 2026), in tokens. */
export const CONTEXT_BOUNDS = [32_000, 128_000, 200_000, 256_000, 272_000, 512_000] as const;

/**
 * The highest bound that a request's input exceeds, 0 for none: 200000 tokens are above 128000, 200001 above 200000. What a
 * correction takes off has the length of what it takes off.
 */
export function contextOf(quantities: Quantities): number {
  const tokens = INPUT_POOLS.reduce((sum, pool) => sum + Math.abs(quantities[pool] ?? 0), 0);
  return CONTEXT_BOUNDS.findLast((bound) => tokens > bound) ?? 0;
}
