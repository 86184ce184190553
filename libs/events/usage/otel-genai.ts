import { splitCompletion, splitPrompt } from './token-split.js';
import type { UsageFormat } from './usage-format.js';

const INPUT = 'gen_ai.usage.input_tokens';
const OUTPUT = 'gen_ai.usage.output_tokens';
// The names until semantic conventions 1.27.
const OLD_INPUT = 'gen_ai.usage.prompt_tokens';
const OLD_OUTPUT = 'gen_ai.usage.completion_tokens';

/** OpenTelemetry's span attributes: input includes cached and written tokens, output includes reasoning. */
export const otelGenai: UsageFormat = {
  name: 'otel_genai',
  marks: [INPUT, OUTPUT, OLD_INPUT, OLD_OUTPUT],
  read: (usage) => ({
    ...splitPrompt(usage, {
      name: INPUT,
      prompt: usage.first(INPUT, OLD_INPUT),
      cached: usage.first('gen_ai.usage.cache_read.input_tokens'),
      written: usage.first('gen_ai.usage.cache_creation.input_tokens'),
      audio: 0,
      image: 0,
      video: 0,
    }),
    ...splitCompletion(usage, {
      name: OUTPUT,
      completion: usage.first(OUTPUT, OLD_OUTPUT),
      reasoning: usage.first('gen_ai.usage.reasoning.output_tokens'),
      audio: 0,
      image: 0,
    }),
  }),
};
