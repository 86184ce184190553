// Splits a total that includes its parts into disjoint pools. A cached token of any modality is `cached_input` only.
import type { Quantities } from '../quantities.js';
import type { UsageFields } from './usage-fields.js';

/** What the cache held, by modality. */
export interface KeptParts {
  readonly text: number;
  readonly audio: number;
  readonly image: number;
  readonly video: number;
}

/** `prompt` includes all of the parts; where cached tokens overlap a modality is not told, text is taken first. */
export interface PromptParts {
  readonly name: string;
  readonly prompt: number;
  readonly cached: number;
  /** Written to a cache of unknown or five-minute life. */
  readonly written: number;
  readonly audio: number;
  readonly image: number;
  readonly video: number;
  /** The cached ones by modality; believed where they add up to `cached`. */
  readonly kept?: KeptParts;
}

/** 100 prompt, 40 cached, 30 audio → input 30, cached_input 40, audio_input 30; with 90 cached, audio_input 10. */
export function splitPrompt(usage: UsageFields, parts: PromptParts): Quantities {
  const { name, prompt, cached, written, kept } = parts;
  const input = usage.rest(name, prompt, cached + written);
  usage.rest(name, prompt, parts.audio + parts.image + parts.video);
  const isTold = kept && kept.text + kept.audio + kept.image + kept.video === cached;
  const all = isTold ? withoutKept(parts, kept) : parts;
  // What is neither cached nor text is a modality that was not cached; the caches may cover part of it.
  let uncached = Math.min(input, all.audio + all.image + all.video);
  const audio = Math.min(all.audio, uncached);
  uncached -= audio;
  const image = Math.min(all.image, uncached);
  const video = uncached - image;
  return {
    input: input - audio - image - video,
    cached_input: cached,
    cache_write_5m: written,
    audio_input: audio,
    image_input: image,
    video_input: video,
  };
}

function withoutKept(parts: PromptParts, kept: KeptParts) {
  return {
    audio: Math.max(0, parts.audio - kept.audio),
    image: Math.max(0, parts.image - kept.image),
    video: Math.max(0, parts.video - kept.video),
  };
}

/** `completion` includes all of the parts. */
export interface CompletionParts {
  readonly name: string;
  readonly completion: number;
  readonly reasoning: number;
  readonly audio: number;
  readonly image: number;
}

/** 208 completion, 28 reasoning → output 180, reasoning 28. */
export function splitCompletion(usage: UsageFields, parts: CompletionParts): Quantities {
  const { name, completion, reasoning, audio, image } = parts;
  const output = usage.rest(name, completion, reasoning + audio + image);
  return { output, reasoning, audio_output: audio, image_output: image };
}
