// Traffic with the statistics of public chat traces: bursty arrivals, long-tailed tokens, conversations whose prefix is cached.
// Medians and tails follow Azure's 2023 conversation trace (in 1,020 / p99 4,142; out 129 / p99 601) and the share of
// cached input follows Mooncake's (37 %); the numbers drawn are our own.
import type { ServiceTier } from '#libs/events/quantities.js';
import { longTailed, type Random, seededRandom, weighted } from './random.js';
import { type UsageMessage, uuidV7 } from './usage-message.js';

/** One customer's habits. Models and service tiers are drawn with their weights. */
export interface TrafficProfile {
  readonly organization: string;
  readonly weight: number;
  readonly projects: readonly (string | null)[];
  readonly models: Readonly<Record<string, number>>;
  readonly serviceTiers: Partial<Record<ServiceTier, number>>;
  /** Share of requests that name a LoRA adapter. */
  readonly adapterShare: number;
}

export interface TrafficOptions {
  readonly seed: number;
  readonly count: number;
  /** Half-open spans of time that the events fall into, each with an equal share. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
  readonly profiles: readonly TrafficProfile[];
  readonly nodes: number;
}

/** Requests in order of time per span, with a contiguous sequence per node over the whole run. */
export function chatTraffic(options: TrafficOptions): UsageMessage[] {
  const random = seededRandom(options.seed);
  const sequences = Array.from({ length: options.nodes }, () => 0);
  const share = Math.ceil(options.count / options.spans.length);
  const instants = options.spans
    .flatMap((span) => burstyInstants(random, share, span))
    .slice(0, options.count);
  return instants.map((at) => {
    const node = Math.floor(random() * options.nodes);
    sequences[node] = (sequences[node] ?? 0) + 1;
    const profile =
      options.profiles[
        weighted(
          random,
          options.profiles.map(({ weight }) => weight),
        )
      ];
    if (!profile) throw new RangeError('traffic needs at least one profile');
    return request(random, profile, { at, node, sequence: sequences[node] });
  });
}

// Arrivals come in bursts: gaps are exponential, and one in eight is twenty times as long (coefficient of variation ≈ 2.5).
function burstyInstants(
  random: Random,
  count: number,
  span: { from: number; to: number },
): number[] {
  const gaps = Array.from(
    { length: count },
    () => -Math.log(1 - random()) * (random() < 0.125 ? 20 : 1),
  );
  const total = gaps.reduce((sum, gap) => sum + gap, 0) + 1;
  let elapsed = 0;
  return gaps.map((gap) => {
    elapsed += gap;
    return span.from + Math.floor((elapsed / total) * (span.to - span.from));
  });
}

function request(
  random: Random,
  profile: TrafficProfile,
  place: { at: number; node: number; sequence: number },
): UsageMessage {
  const input = longTailed(random, 1_020, 4_142);
  const output = longTailed(random, 129, 601);
  // A later turn of a conversation finds most of its prompt in the cache, in blocks of 64 tokens.
  const cached = random() < 0.55 ? Math.floor((input * (0.5 + 0.35 * random())) / 64) * 64 : 0;
  const model = pick(random, profile.models);
  const reasoning = model.startsWith('openai/gpt-oss') ? Math.floor(output * 0.4 * random()) : 0;
  return {
    id: uuidV7(place.at, random),
    source: `//demo/node-${place.node + 1}`,
    organization: profile.organization,
    at: place.at,
    sequence: place.sequence,
    model,
    project: profile.projects[Math.floor(random() * profile.projects.length)] ?? null,
    serviceTier: pick(random, profile.serviceTiers) as ServiceTier,
    adapter: random() < profile.adapterShare ? 'lora' : null,
    tokens: { input: input - cached, cached_input: cached, output: output - reasoning, reasoning },
  };
}

function pick(random: Random, weights: Readonly<Record<string, number>>): string {
  const names = Object.keys(weights);
  const name = names[weighted(random, Object.values(weights))];
  if (name === undefined) throw new RangeError('nothing to pick from');
  return name;
}
