import type { Quantities } from '../quantities.js';
import { splitPrompt } from './token-split.js';
import type { UsageFields } from './usage-fields.js';
import type { UsageFormat } from './usage-format.js';

/**
 * `billed_units` is what counts: `tokens` holds Cohere's own template as well. Cached tokens are part of `tokens` and may be
 * billed or not (2406 billed and 2928 cached of 2935), so among billed ones they cannot be told apart.
 */
export const cohere: UsageFormat = {
  name: 'cohere',
  marks: ['billed_units'],
  read(usage) {
    if (!usage.has('billed_units')) return readTokens(usage);
    const billed = usage.part('billed_units');
    return {
      input: billed.first('input_tokens'),
      output: billed.first('output_tokens'),
      image_input: billed.first('image_tokens'),
      searches: billed.first('search_units'),
      images: billed.first('images'),
    };
  },
};

function readTokens(usage: UsageFields): Quantities {
  const tokens = usage.part('tokens');
  const input = splitPrompt(tokens, {
    name: 'input_tokens',
    prompt: tokens.first('input_tokens'),
    cached: usage.first('cached_tokens'),
    written: 0,
    audio: 0,
    image: 0,
    video: 0,
  });
  return { ...input, output: tokens.first('output_tokens') };
}
