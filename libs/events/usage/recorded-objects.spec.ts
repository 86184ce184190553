// Real usage objects, where the collection lies beside the checkout (see its README); without it there is nothing to read.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOKEN_POOLS } from '../quantities.js';
import { readUsage } from './formats.js';

interface RecordedObject {
  readonly id: string;
  readonly provider: string;
  readonly usage: Record<string, number>;
}

const FILE = join(import.meta.dirname, '../../../../shared/data/usage/usage_objects.jsonl');

const FORMATS: Readonly<Record<string, string>> = {
  openai: 'openai_chat',
  'azure-openai': 'openai_chat',
  groq: 'groq',
  anthropic: 'anthropic',
  vllm: 'vllm',
  sglang: 'sglang',
  'google-gemini': 'gemini',
  'google-vertex': 'gemini',
  'aws-bedrock': 'bedrock',
  mistral: 'mistral',
  cohere: 'cohere',
  xai: 'xai',
  deepseek: 'deepseek',
  ollama: 'ollama',
  tgi: 'tgi',
  openrouter: 'openrouter',
  together: 'together',
  togetherai: 'together',
};

/** What contradicts itself, or is another model's work. */
const REFUSED: Readonly<Record<string, string>> = {
  UD0003: 'ambiguous_usage /iterations/1/model',
  UD0079: 'quantities_do_not_add_up /promptTokenCount',
  UD0080: 'quantities_do_not_add_up /promptTokenCount',
};

const objects: readonly RecordedObject[] = existsSync(FILE)
  ? readFileSync(FILE, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RecordedObject)
      .filter(({ provider }) => provider in FORMATS)
  : [];

function formatOf({ provider, usage }: RecordedObject): string {
  const format = FORMATS[provider] as string;
  const isResponses = format === 'openai_chat' && 'input_tokens' in usage;
  return isResponses ? 'openai_responses' : format;
}

/** Any total that the object has, under whatever name. */
function totalOf({ usage }: RecordedObject): number | undefined {
  const total = ['total_tokens', 'totalTokens', 'totalTokenCount'].find((name) => name in usage);
  return total === undefined ? undefined : usage[total];
}

describe('recorded usage objects', () => {
  it('are all read, each to a sum that is its own total, but for those that contradict themselves', () => {
    const wrong = objects.flatMap((object) => {
      const read = readUsage(object.usage, formatOf(object));
      if ('fault' in read) {
        const said = `${read.fault.reason} ${read.fault.pointer}`;
        return said === REFUSED[object.id] ? [] : [`${object.id} ${said}`];
      }
      const sum = TOKEN_POOLS.reduce((total, pool) => total + (read.quantities[pool] ?? 0), 0);
      const total = totalOf(object) ?? sum;
      return sum === total && !REFUSED[object.id] ? [] : [`${object.id} ${sum} of ${total}`];
    });
    expect(wrong).toEqual([]);
  });

  it('are read alike when their shape alone tells the convention, or refused as ambiguous', () => {
    const wrong = objects.flatMap((object) => {
      const named = readUsage(object.usage, formatOf(object));
      const told = readUsage(object.usage, null);
      if ('fault' in told || 'fault' in named) return [];
      const same = TOKEN_POOLS.every(
        (pool) => (told.quantities[pool] ?? 0) === (named.quantities[pool] ?? 0),
      );
      return same ? [] : [`${object.id} ${told.format} is not ${named.format}`];
    });
    expect(wrong).toEqual([]);
  });
});
