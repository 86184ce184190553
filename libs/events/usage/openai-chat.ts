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
  /** Cached and written tokens that are inside the totals but not in the details. */
  readonly cached?: number;
  readonly written?: number;
  /** Whether reasoning stands beside `completion_tokens` where there is no total to tell it by (xAI); else it is inside. */
  readonly isReasoningBeside?: boolean;
}

/**
 * The chat shape, shared by every server that copies OpenAI's. Copies write `cached_tokens` (Together, Moonshot) and
 * `reasoning_tokens` (SGLang) at the top, and some leave reasoning out of `completion_tokens`, though not out of the total.
 */
export function readChat(usage: UsageFields, extras: ChatExtras = {}): Quantities {
  // A total and nothing else is what embeddings and reranking answer (Voyage, Jina), where every token is input.
  if (usage.isOnly('total_tokens')) return { input: usage.first('total_tokens') };
  const prompt = usage.first('prompt_tokens');
  const input = promptDetails(usage);
  const output = completionDetails(usage.part('completion_tokens_details'));
  const reasoning = output.reasoning || usage.first('reasoning_tokens');
  const written = usage.first('completion_tokens');
  const isBeside = isReasoningBeside(usage, prompt + written, reasoning, extras);
  const completion = written + (isBeside ? reasoning : 0);
  usage.total('total_tokens', prompt + completion);
  return {
    ...splitPrompt(usage, {
      ...input,
      name: 'prompt_tokens',
      prompt,
      cached: input.cached || (extras.cached ?? usage.first('cached_tokens')),
      written: input.written || (extras.written ?? 0),
    }),
    ...splitCompletion(usage, { ...output, name: 'completion_tokens', completion, reasoning }),
  };
}

// The total decides: 12 + 1 = 13 of 241 leaves the 228 of reasoning, which can only stand beside.
function isReasoningBeside(
  usage: UsageFields,
  said: number,
  reasoning: number,
  extras: ChatExtras,
): boolean {
  if (!usage.has('total_tokens')) return extras.isReasoningBeside ?? false;
  return reasoning > 0 && usage.count('total_tokens') === said + reasoning;
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
    written: details.first('cache_write_tokens', 'cache_creation_tokens'),
    audio: details.first('audio_tokens'),
    image: details.first('image_tokens'),
    video: details.first('video_tokens'),
    kept: keptDetails(details),
  };
}

// Realtime tells what the cache held by modality; SGLang's object of the same name tells where it lay, which is no matter.
function keptDetails(details: UsageFields) {
  const kept = details.part('cached_tokens_details');
  return {
    text: kept.first('text_tokens'),
    audio: kept.first('audio_tokens'),
    image: kept.first('image_tokens'),
    video: kept.first('video_tokens'),
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
