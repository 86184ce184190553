import type { UsageFormat } from './usage-format.js';

/**
 * `billed_units` is what counts: `tokens` holds Cohere's own template as well. Cached tokens are in neither of the billed
 * ones (1199 tokens, 448 cached, 701 billed), so they stand beside them.
 */
export const cohere: UsageFormat = {
  name: 'cohere',
  marks: ['billed_units'],
  read(usage) {
    const billed = usage.part('billed_units');
    const counted = usage.has('billed_units') ? billed : usage.part('tokens');
    return {
      input: counted.first('input_tokens'),
      cached_input: usage.first('cached_tokens'),
      output: counted.first('output_tokens'),
      image_input: billed.first('image_tokens'),
      searches: billed.first('search_units'),
    };
  },
};
