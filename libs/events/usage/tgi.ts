import { readOpenai } from './openai-responses.js';
import type { UsageFormat } from './usage-format.js';

/** Its own API gives `details` with a list of the prompt's tokens, or their number; its compatible API has OpenAI's shapes. */
export const tgi: UsageFormat = {
  name: 'tgi',
  marks: ['generated_tokens'],
  read(usage) {
    if (!usage.has('generated_tokens')) return readOpenai(usage);
    const prefill = usage.has('prefill') ? usage.parts('prefill').length : 0;
    // A stream's details have the prompt's length and no list of it.
    const input = prefill || usage.first('input_length', 'prefill_len');
    return { input, output: usage.first('generated_tokens') };
  },
};
