import type { Quantities } from '../quantities.js';
import type { UsageFields } from './usage-fields.js';
import type { UsageFormat } from './usage-format.js';

/**
 * `input_tokens` excludes cached and written tokens; `output_tokens` includes thinking. With `iterations` the top level
 * covers only those of type `message`, so that the iterations are added up instead: a compaction is work as well.
 */
export const anthropic: UsageFormat = {
  name: 'anthropic',
  marks: [
    'cache_read_input_tokens',
    'cache_creation_input_tokens',
    'cache_creation',
    'server_tool_use',
    'inference_geo',
  ],
  read(usage) {
    const tools = usage.part('server_tool_use');
    const iterations = usage.parts('iterations');
    const whole = iterations.length === 0 ? pools(usage) : addIterations(usage, iterations);
    const thinking = usage.part('output_tokens_details').first('thinking_tokens');
    return {
      ...whole,
      output: usage.rest('output_tokens', whole.output ?? 0, thinking),
      reasoning: thinking,
      searches: tools.first('web_search_requests'),
    };
  },
};

const POOLS = ['input', 'cached_input', 'cache_write_5m', 'cache_write_1h', 'output'] as const;

function pools(usage: UsageFields): Quantities {
  const split = usage.part('cache_creation');
  const hour = split.first('ephemeral_1h_input_tokens');
  const written = usage.count('cache_creation_input_tokens');
  const minutes = split.count('ephemeral_5m_input_tokens');
  if (minutes !== undefined) usage.total('cache_creation_input_tokens', minutes + hour);
  return {
    input: usage.first('input_tokens'),
    cached_input: usage.first('cache_read_input_tokens'),
    cache_write_5m: minutes ?? usage.rest('cache_creation_input_tokens', written ?? hour, hour),
    cache_write_1h: hour,
    output: usage.first('output_tokens'),
  };
}

function addIterations(usage: UsageFields, iterations: readonly UsageFields[]): Quantities {
  const sum: Quantities = {};
  let messages = { input: 0, output: 0 };
  for (const iteration of iterations) {
    if (iteration.has('model'))
      iteration.refuse('ambiguous_usage', '/model', 'is another model: send an event for it');
    const part = pools(iteration);
    for (const pool of POOLS) sum[pool] = (sum[pool] ?? 0) + (part[pool] ?? 0);
    if (iteration.text('type') !== 'message') continue;
    messages = {
      input: messages.input + (part.input ?? 0),
      output: messages.output + (part.output ?? 0),
    };
  }
  usage.total('input_tokens', messages.input);
  usage.total('output_tokens', messages.output);
  return sum;
}
