import type { Quantities } from '../quantities.js';
import { splitCompletion, splitPrompt } from './token-split.js';
import type { UsageFields } from './usage-fields.js';
import type { UsageFormat } from './usage-format.js';

/**
 * `promptTokenCount` includes cached tokens but not those of tool use, `candidatesTokenCount` (absent when nothing was
 * written) leaves out thoughts; the total has all four. Live says `response` for `candidates`; Interactions are snake_case.
 * A cached content tells its total only: what was read to fill it.
 */
export const gemini: UsageFormat = {
  name: 'gemini',
  marks: [
    'promptTokenCount',
    'candidatesTokenCount',
    'responseTokenCount',
    'totalTokenCount',
    'total_input_tokens',
    'total_output_tokens',
  ],
  read(usage) {
    const prompt = usage.first('promptTokenCount', 'total_input_tokens');
    const written = usage.first(
      'candidatesTokenCount',
      'responseTokenCount',
      'total_output_tokens',
    );
    const tools = usage.first('toolUsePromptTokenCount', 'total_tool_use_tokens');
    const thoughts = usage.first('thoughtsTokenCount', 'total_thought_tokens');
    const total = usage.has('totalTokenCount') ? 'totalTokenCount' : 'total_tokens';
    if (usage.isOnly('totalTokenCount')) return { input: usage.first('totalTokenCount') };
    usage.total(total, prompt + written + tools + thoughts);
    const input = inputPools(usage, prompt);
    const used = toolPools(usage, tools);
    return { ...input, ...added(input, used), ...outputPools(usage, written, thoughts) };
  },
};

const INPUT_POOLS = ['input', 'audio_input', 'image_input', 'video_input'] as const;

function added(one: Quantities, other: Quantities): Quantities {
  return Object.fromEntries(
    INPUT_POOLS.map((pool) => [pool, (one[pool] ?? 0) + (other[pool] ?? 0)]),
  );
}

// What tools put into the prompt stands beside it and is never cached.
function toolPools(usage: UsageFields, tools: number): Quantities {
  const { audio, image, video } = modalities(
    usage,
    'toolUsePromptTokensDetails',
    'tool_use_tokens_by_modality',
  );
  const name = 'toolUsePromptTokenCount';
  return splitPrompt(usage, { name, prompt: tools, cached: 0, written: 0, audio, image, video });
}

function inputPools(usage: UsageFields, prompt: number): Quantities {
  const cached = usage.first('cachedContentTokenCount', 'total_cached_tokens');
  const all = modalities(usage, 'promptTokensDetails', 'input_tokens_by_modality');
  const cache = modalities(usage, 'cacheTokensDetails', 'cached_tokens_by_modality');
  usage.rest('promptTokenCount', prompt, all.sum);
  // Where the cache tells its modalities, what it held is taken off each; else text is taken to be cached first.
  const { audio, image, video } = all;
  const kept = { ...cache, text: cache.sum - cache.audio - cache.image - cache.video };
  const name = 'promptTokenCount';
  return splitPrompt(usage, { name, prompt, cached, written: 0, audio, image, video, kept });
}

function outputPools(usage: UsageFields, written: number, thoughts: number): Quantities {
  const name = usage.has('responseTokensDetails')
    ? 'responseTokensDetails'
    : 'candidatesTokensDetails';
  const { audio, image } = modalities(usage, name, 'output_tokens_by_modality');
  const completion = written + thoughts;
  const parts = { name: 'candidatesTokenCount', completion, reasoning: thoughts, audio, image };
  return splitCompletion(usage, parts);
}

// Vertex writes modalities as numbers in some clients: 1 text, 2 image, 3 video, 4 audio, 5 document. A document's pages are
// read as images and counted so (ai.google.dev, document understanding: 258 tokens a page).
const KINDS: Readonly<Record<string, 'audio' | 'image' | 'video'>> = {
  AUDIO: 'audio',
  IMAGE: 'image',
  DOCUMENT: 'image',
  VIDEO: 'video',
  4: 'audio',
  2: 'image',
  3: 'video',
  5: 'image',
};

function modalities(usage: UsageFields, usual: string, other: string) {
  const found = { sum: 0, audio: 0, image: 0, video: 0 };
  for (const part of usage.parts(usage.has(usual) ? usual : other)) {
    const count = part.first('tokenCount', 'tokens');
    const modality = part.text('modality')?.toUpperCase() ?? String(part.count('modality'));
    const kind = KINDS[modality];
    found.sum += count;
    if (kind) found[kind] += count;
  }
  return found;
}
