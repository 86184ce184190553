import { completionDetails, inputDetails } from './openai-chat.js';
import { splitCompletion, splitPrompt } from './token-split.js';
import type { UsageFormat } from './usage-format.js';

/**
 * `input_tokens` includes cached and written tokens, unlike Anthropic's field of the same name; `output_tokens` includes
 * reasoning (openai-node src/resources/responses/responses.ts). Images and transcriptions use the same shape.
 */
export const openaiResponses: UsageFormat = {
  name: 'openai_responses',
  marks: ['input_tokens_details', 'input_token_details'],
  read(usage) {
    const prompt = usage.first('input_tokens');
    const completion = usage.first('output_tokens');
    usage.total('total_tokens', prompt + completion);
    const input = usage.has('input_tokens_details')
      ? 'input_tokens_details'
      : 'input_token_details';
    const output = usage.has('output_tokens_details')
      ? 'output_tokens_details'
      : 'output_token_details';
    return {
      ...splitPrompt(usage, { name: 'input_tokens', prompt, ...inputDetails(usage.part(input)) }),
      ...splitCompletion(usage, {
        name: 'output_tokens',
        completion,
        ...completionDetails(usage.part(output)),
      }),
    };
  },
};
