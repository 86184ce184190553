import type { Quantities } from '../quantities.js';
import { completionDetails, inputDetails, readChat, type ChatExtras } from './openai-chat.js';
import { splitCompletion, splitPrompt } from './token-split.js';
import type { UsageFields } from './usage-fields.js';
import type { RawUsage, UsageFormat } from './usage-format.js';

/**
 * `input_tokens` includes cached and written tokens, unlike Anthropic's field of the same name; `output_tokens` includes
 * reasoning (openai-node src/resources/responses/responses.ts). Images, Realtime and transcriptions use the same shape.
 */
export const openaiResponses: UsageFormat = {
  name: 'openai_responses',
  marks: ['input_tokens_details', 'input_token_details'],
  isTold: (raw) => isTotalled(raw) || isDuration(raw),
  read: readResponses,
};

/** Either of OpenAI's shapes, for servers that answer in both. */
export function readOpenai(usage: UsageFields, extras: ChatExtras = {}): Quantities {
  const isChat = usage.has('prompt_tokens') || usage.has('completion_tokens');
  return isChat || usage.isOnly('total_tokens') ? readChat(usage, extras) : readResponses(usage);
}

function readResponses(usage: UsageFields): Quantities {
  // A transcription by the minute: {"type": "duration", "seconds": 9}.
  if (usage.text('type') === 'duration') return { audio_ms: usage.milliseconds('seconds') };
  const prompt = usage.first('input_tokens');
  const completion = usage.first('output_tokens');
  usage.total('total_tokens', prompt + completion);
  const input = usage.part(spelt(usage, 'input_tokens_details', 'input_token_details'));
  const output = usage.part(spelt(usage, 'output_tokens_details', 'output_token_details'));
  return {
    ...splitPrompt(usage, { name: 'input_tokens', prompt, ...inputDetails(input) }),
    ...splitCompletion(usage, { name: 'output_tokens', completion, ...completionDetails(output) }),
  };
}

function spelt(usage: UsageFields, usual: string, other: string): string {
  return usage.has(usual) ? usual : other;
}

// Only conventions that include cached tokens give a total beside input_tokens.
function isTotalled(raw: RawUsage): boolean {
  const hasSide = Object.hasOwn(raw, 'input_tokens') || Object.hasOwn(raw, 'output_tokens');
  return hasSide && Object.hasOwn(raw, 'total_tokens');
}

function isDuration(raw: RawUsage): boolean {
  return Object.hasOwn(raw, 'type') && raw['type'] === 'duration' && Object.hasOwn(raw, 'seconds');
}
