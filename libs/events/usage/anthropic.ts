import type { Quantities } from '../quantities.js';
import type { UsageFields } from './usage-fields.js';
import { laidOver } from './overlay.js';
import type { RawUsage, UsageFormat } from './usage-format.js';

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
    if (iterations.length === 0)
      usage.total(
        'total_tokens',
        POOLS.reduce((sum, pool) => sum + (whole[pool] ?? 0), 0),
      );
    return {
      ...whole,
      output: usage.rest('output_tokens', whole.output ?? 0, thinking),
      reasoning: thinking,
      searches: tools.first('web_search_requests'),
    };
  },
  fold: foldMessages,
};

/**
 * `message_start` has the input, each `message_delta` running totals of what it names. A delta may raise what was written to
 * the cache without saying for how long: the rise is of the life that all before it had, five minutes where they differ.
 */
export function foldMessages(chunks: readonly RawUsage[]): RawUsage {
  const final = laidOver(chunks);
  const written = final[WRITTEN];
  const split = final['cache_creation'];
  if (typeof written !== 'number' || typeof split !== 'object' || split === null) return final;
  const [minutes = 0, hour = 0] = LIVES.map((life) => (split as Record<string, number>)[life]);
  const rise = written - minutes - hour;
  const saidLast = chunks.findLast((chunk) => Object.hasOwn(chunk, WRITTEN));
  if (!(rise > 0) || saidLast?.['cache_creation']) return final;
  const [short, long] = LIVES;
  const risen =
    minutes === 0 && hour > 0
      ? { [short]: 0, [long]: hour + rise }
      : { [short]: minutes + rise, [long]: hour };
  return { ...final, cache_creation: risen };
}

const WRITTEN = 'cache_creation_input_tokens';
const LIVES = ['ephemeral_5m_input_tokens', 'ephemeral_1h_input_tokens'] as const;

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
