// Which of another provider's models is the one that was used. Names differ by provider, seller's prefix, spelling and decoration:
// `llama-3.3-70b-versatile`, `meta-llama/Llama-3.3-70B-Instruct-Turbo`, `accounts/fireworks/models/llama-v3p3-70b-instruct`,
// `meta.llama3-3-70b-instruct-v1:0`. Every match says how sure it is; what is not sure is not claimed.

/** `exact`: the same name but for prefixes. `alias`: the same weights under another spelling. `family`: another version, same size. */
export type MatchKind = 'exact' | 'alias' | 'family';

export interface Match {
  readonly name: string;
  readonly match: MatchKind;
}

const RANK: Readonly<Record<MatchKind, number>> = { exact: 0, alias: 1, family: 2 };

// Makers and sellers that put their own name before a model's.
const MAKERS =
  /^(meta|openai|moonshotai|moonshot|qwen|mistral|anthropic|amazon|cohere|deepseek|google|databricks|snowflake|alibaba)[.-](?=[a-z])/;
const FAMILIES = /^(llama|qwen|gemma|phi|mixtral|mistral|deepseek|kimi)v?(\d[\d.]*)$/;
const SIZE = /^\d+(\.\d+)?[bm]$/;
const DATE = /^\d{4,8}$/;
const VERSION = /^v?\d+(\.\d+)*$/;
// How open weights are served; of a closed model (gpt-3.5-turbo) such a word names another model.
const SERVED = new Set(
  'it chat turbo versatile instant fast latest preview hf fp8 fp4 bf16 mxfp gguf dynamic reference'.split(
    ' ',
  ),
);

/** The best of the names, the surest first; undefined when none is of the same family and size. */
export function matchModel(model: string, names: readonly string[]): Match | undefined {
  const own = keysOf(model);
  let best: (Match & { readonly distance: number }) | undefined;
  for (const name of names) {
    const match = kindOf(own, keysOf(name));
    if (!match) continue;
    const distance = Math.abs(own.version - keysOf(name).version);
    const found = { name, match, distance };
    if (!best || isBetter(found, best)) best = found;
  }
  return best && { name: best.name, match: best.match };
}

type Candidate = Match & { readonly distance: number };

// Then the nearest version, then the plainest name; the last word keeps it the same in any order.
function isBetter(one: Candidate, other: Candidate): boolean {
  const order =
    RANK[one.match] - RANK[other.match] ||
    one.distance - other.distance ||
    one.name.length - other.name.length;
  return order < 0 || (order === 0 && one.name < other.name);
}

interface Keys {
  readonly plain: string;
  readonly alias: string;
  readonly family: string;
  /** 3.3 of llama-3.3-70b; 0 where the name has none. */
  readonly version: number;
}

// Lists have thousands of names and each is asked about once per model that was used: 25 ms a model without this.
const KNOWN = new Map<string, Keys>();
const MOST_KNOWN = 20_000;

function kindOf(own: Keys, other: Keys): MatchKind | undefined {
  if (own.plain === other.plain) return 'exact';
  if (own.alias === other.alias) return 'alias';
  return own.family !== '' && own.family === other.family ? 'family' : undefined;
}

function keysOf(name: string): Keys {
  const known = KNOWN.get(name);
  if (known) return known;
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  const keys = readKeys(name);
  KNOWN.set(name, keys);
  return keys;
}

function readKeys(name: string): Keys {
  const plain = plainOf(name);
  const words = wordsOf(plain);
  const isSized = words.some((word) => SIZE.test(word));
  const kept = words.filter((word) => word !== 'instruct' && !(isSized && SERVED.has(word)));
  const family = kept.filter((word) => !VERSION.test(word) && !DATE.test(word));
  // A word alone (`gpt`) is no family.
  return {
    plain,
    alias: kept.join('-'),
    family: family.length > 1 ? family.join('-') : '',
    version: versionOf(words),
  };
}

// `groq/openai/gpt-oss-120b` → `gpt-oss-120b`; `openai.gpt-oss-120b-1:0` → the same.
function plainOf(name: string): string {
  const last = name.toLowerCase().split('/').at(-1) as string;
  const bare = last.replace(/:[^:]*$/, '');
  const ended = bare === last ? bare : bare.replace(/-v?\d$/, '');
  return ended.replace(MAKERS, '').replace(/^meta-(?=llama)/, '');
}

function wordsOf(plain: string): string[] {
  const words = plain
    .replaceAll(/(\d)p(?=\d)/g, '$1.')
    .split(/[-_ ]+/)
    .flatMap((word) => FAMILIES.exec(word)?.slice(1) ?? [word.replace(/^v(?=\d)/, '')]);
  const merged: string[] = [];
  for (const word of words) {
    const before = merged.at(-1);
    // llama3-3 is llama 3.3.
    if (before !== undefined && /^\d$/.test(before) && /^\d$/.test(word))
      merged[merged.length - 1] = `${before}.${word}`;
    else merged.push(word);
  }
  return merged.filter((word) => word !== '');
}

function versionOf(words: readonly string[]): number {
  const word = words.find((one) => VERSION.test(one) && !DATE.test(one));
  return word === undefined ? 0 : Number.parseFloat(word);
}
