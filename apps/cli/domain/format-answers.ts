// The published collection of usage objects as cases with known answers: which convention each row speaks, and what it must
// come to. Row shapes: ../shared/data/README.md, usage/.

/** One row to be read, and what an independent reading of it says; `answers` empty where only its own total is known. */
export interface FormatCase {
  readonly id: string;
  readonly provider: string;
  readonly format: string;
  readonly usage: Readonly<Record<string, unknown>> | readonly unknown[];
  readonly answers: readonly Readonly<Record<string, number>>[];
}

export interface ObjectRow {
  readonly id: string;
  readonly provider: string;
  readonly usage: Readonly<Record<string, unknown>>;
}

export interface StreamRow {
  readonly id: string;
  readonly provider: string;
  readonly events: readonly { readonly usage: Readonly<Record<string, unknown>> }[];
}

export interface PricedRow {
  readonly case_id: string;
  readonly hosts: readonly string[];
  readonly body: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly expected: readonly {
    readonly usage: Readonly<Record<string, number>>;
    readonly extractors: readonly { readonly provider_id: string }[];
  }[];
}

/** Providers whose convention is not OpenAI's; every other one copies that. */
const FORMATS: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  'aws-bedrock': 'bedrock',
  'aws-bedrock-agent': 'bedrock',
  'aws-bedrock-openai-compat': 'bedrock',
  cohere: 'cohere',
  deepseek: 'deepseek',
  'google-gemini': 'gemini',
  'google-vertex': 'gemini',
  groq: 'groq',
  mistral: 'mistral',
  ollama: 'ollama',
  openrouter: 'openrouter',
  sglang: 'sglang',
  tgi: 'tgi',
  together: 'together',
  togetherai: 'together',
  vllm: 'vllm',
  xai: 'xai',
};

/** Part of a request's host → how that collection calls the provider, and ours; the first that has a reading is taken. */
const HOSTS: readonly (readonly [host: string, providerId: string, provider: string])[] = [
  ['generativelanguage.googleapis.com', 'google', 'google-gemini'],
  ['aiplatform.googleapis.com', 'google', 'google-vertex'],
  ['api.anthropic.com', 'anthropic', 'anthropic'],
  ['bedrock-runtime', 'aws', 'aws-bedrock'],
  ['bedrock-mantle', 'openai', 'aws-bedrock-openai-compat'],
  ['api.mistral.ai', 'mistral', 'mistral'],
  ['api.groq.com', 'groq', 'groq'],
  ['openrouter.ai', 'openrouter', 'openrouter'],
  ['api.cerebras.ai', 'cerebras', 'cerebras'],
  ['api.z.ai', 'zai', 'zai'],
  ['api.cohere.com', 'cohere', 'cohere'],
  ['router.huggingface.co', 'huggingface_together', 'huggingface-router'],
  ['api.deepseek.com', 'deepseek', 'deepseek'],
  ['openai.azure.com', 'azure', 'azure-openai'],
  ['ollama.com', 'openai', 'ollama'],
  ['localhost', 'openai', 'pydantic-ai-gateway'],
  ['api.openai.com', 'openai', 'openai'],
];

/** A recorded object: it must come to its own total. */
export function objectCase({ id, provider, usage }: ObjectRow): FormatCase {
  return { id, provider, format: formatOf(provider, usage), usage, answers: [] };
}

/** A recorded stream: it must come to what its last totals are. */
export function streamCase({ id, provider, events }: StreamRow): FormatCase {
  const usage = events.map((event) => event.usage);
  return { id, provider, format: formatOf(provider, usage[0] ?? {}), usage, answers: [] };
}

/** A case with prices: an independent implementation's reading for the provider that was asked; undefined without one. */
export function pricedCase({ case_id, hosts, body, expected }: PricedRow): FormatCase | undefined {
  const usage = body['usage'] ?? body['usageMetadata'] ?? body['meta'] ?? {};
  for (const [host, providerId, provider] of HOSTS) {
    if (!hosts.some((asked) => asked.includes(host)) || !isOf(providerId, body, usage)) continue;
    const answers = expected
      .filter(({ extractors }) => extractors.some(({ provider_id: id }) => id === providerId))
      .map((reading) => reading.usage);
    if (answers.length === 0) continue;
    return { id: case_id, provider, format: formatOf(provider, usage), usage, answers };
  }
  return undefined;
}

// A test may have asked several providers: the body says whose it is.
function isOf(providerId: string, body: PricedRow['body'], usage: object): boolean {
  if (providerId === 'google' || 'usageMetadata' in body)
    return providerId === 'google' && 'usageMetadata' in body;
  if (providerId === 'anthropic') return 'cache_creation_input_tokens' in usage;
  return providerId !== 'aws' || 'inputTokens' in usage;
}

function formatOf(provider: string, usage: Readonly<Record<string, unknown>>): string {
  const own = FORMATS[provider];
  if (own) return own;
  if ('cache_creation_input_tokens' in usage) return 'anthropic';
  return 'input_tokens' in usage ? 'openai_responses' : 'openai_chat';
}
