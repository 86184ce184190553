import type { Quantities } from '../quantities.js';
import { splitCompletion, splitPrompt } from './token-split.js';
import type { UsageFields } from './usage-fields.js';
import type { UsageFormat } from './usage-format.js';

/**
 * `prompt_tokens` includes cached, written, audio and image tokens; `completion_tokens` includes reasoning and rejected
 * predictions, which are billed (openai-node src/resources/completions.ts). The Assistants API wrote `prompt_token_details`.
 */
export const openaiChat: UsageFormat = {
  name: 'openai_chat',
  marks: ['prompt_tokens', 'completion_tokens'],
  read: readChat,
};

/** What a server that copies the shape says outside of OpenAI's own fields. */
export interface ChatExtras {
  /** Cached and written tokens and reasoning that are inside the totals but not in the details. */
  readonly cached?: number;
  readonly written?: number;
  readonly reasoning?: number;
  /** Reasoning tokens that `completion_tokens` leaves out. */
  readonly beside?: number;
}

/** The chat shape, shared by every server that copies OpenAI's. */
export function readChat(usage: UsageFields, extras: ChatExtras = {}): Quantities {
  const prompt = usage.first('prompt_tokens');
  const completion = usage.first('completion_tokens') + (extras.beside ?? 0);
  usage.total('total_tokens', prompt + completion);
  const input = promptDetails(usage);
  const output = completionDetails(usage.part('completion_tokens_details'));
  return {
    ...splitPrompt(usage, {
      ...input,
      name: 'prompt_tokens',
      prompt,
      cached: input.cached || (extras.cached ?? 0),
      written: input.written || (extras.written ?? 0),
    }),
    ...splitCompletion(usage, {
      ...output,
      name: 'completion_tokens',
      completion,
      reasoning: output.reasoning || (extras.reasoning ?? 0),
    }),
  };
}

function promptDetails(usage: UsageFields) {
  const name = usage.has('prompt_tokens_details')
    ? 'prompt_tokens_details'
    : 'prompt_token_details';
  return inputDetails(usage.part(name));
}

/** The parts of an input total, as both of OpenAI's shapes name them. */
export function inputDetails(details: UsageFields) {
  return {
    cached: details.first('cached_tokens'),
    written: details.first('cache_write_tokens'),
    audio: details.first('audio_tokens'),
    image: details.first('image_tokens'),
    video: details.first('video_tokens'),
  };
}

/** The parts of an output total, as both of OpenAI's shapes name them. */
export function completionDetails(details: UsageFields) {
  return {
    reasoning: details.first('reasoning_tokens'),
    audio: details.first('audio_tokens'),
    image: details.first('image_tokens'),
  };
}
