import type { Quantities } from '../quantities.js';
import { splitCompletion, splitPrompt } from './token-split.js';
import type { UsageFields } from './usage-fields.js';
import type { UsageFormat } from './usage-format.js';

/**
 * `promptTokenCount` includes cached tokens but not those of tool use, `candidatesTokenCount` (absent when nothing was
 * written) leaves out thoughts; the total has all four. Live says `response` for `candidates`; Interactions are snake_case.
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
    usage.total(total, prompt + written + tools + thoughts);
    const input = inputPools(usage, prompt);
    return {
      ...input,
      input: (input.input ?? 0) + tools,
      ...outputPools(usage, written, thoughts),
    };
  },
};

function inputPools(usage: UsageFields, prompt: number): Quantities {
  const cached = usage.first('cachedContentTokenCount', 'total_cached_tokens');
  const all = modalities(usage, 'promptTokensDetails', 'input_tokens_by_modality');
  const kept = modalities(usage, 'cacheTokensDetails', 'cached_tokens_by_modality');
  usage.rest('promptTokenCount', prompt, all.sum);
  // Where the cache tells its modalities, what it held is taken off each; else text is taken to be cached first.
  const isTold = kept.sum === cached;
  const split = splitPrompt(usage, {
    name: 'promptTokenCount',
    prompt: isTold ? usage.rest('promptTokenCount', prompt, cached) : prompt,
    cached: isTold ? 0 : cached,
    written: 0,
    audio: isTold ? Math.max(0, all.audio - kept.audio) : all.audio,
    image: isTold ? Math.max(0, all.image - kept.image) : all.image,
    video: isTold ? Math.max(0, all.video - kept.video) : all.video,
  });
  return { ...split, cached_input: cached };
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

// Vertex writes modalities as numbers in some clients: 1 text, 2 image, 3 video, 4 audio, 5 document.
const KINDS: Readonly<Record<string, 'audio' | 'image' | 'video'>> = {
  AUDIO: 'audio',
  IMAGE: 'image',
  VIDEO: 'video',
  4: 'audio',
  2: 'image',
  3: 'video',
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
