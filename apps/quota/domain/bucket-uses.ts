// What metered events take from the buckets of an organization and model. Cached input is no token here (design section 6).
import type { LimitName } from '#libs/events/account-facts.js';
import type { MeteredEvent, UsageDelta } from '#libs/events/metered-batch.js';
import { type ServiceTier, TOKEN_POOLS } from '#libs/events/quantities.js';
import type { Bucket, LimitStep } from '#libs/rating/bucket.js';
import { addUse, LIMIT_LAWS } from '#libs/rating/bucket.js';
import type { LimitTable } from '#libs/rating/catalog.js';
import { changesBetween, limitsOf, type Terms } from '#libs/rating/price-book.js';

/** Signed, as a void takes off; `audio_seconds` in milliseconds. */
export interface ModelUse {
  readonly at: number;
  readonly requests: number;
  readonly tokens: number;
  readonly audioMs: number;
}

/** In the order of the log. */
export interface ModelUses {
  readonly organization: string;
  readonly model: string;
  readonly uses: ModelUse[];
}

/** Limits in force from an instant on, ascending; the first also covers what is before it. */
export type LimitSteps = readonly { readonly from: number; readonly limits: LimitTable }[];

export type Buckets = ReadonlyMap<LimitName, Bucket>;

const COUNTED_POOLS = TOKEN_POOLS.filter((pool) => pool !== 'cached_input');

/**
 * Whether requests of a service tier count in the buckets. Batch work waits in a queue of its own: at Groq and OpenAI its limits are
 * separate from those of the synchronous API (console.groq.com/docs/batch, platform.openai.com/docs/guides/batch).
 */
export function countsInBuckets(serviceTier: ServiceTier): boolean {
  return serviceTier !== 'batch';
}

/** The uses of a batch of events per organization and model. */
export function usesOf(events: readonly MeteredEvent[]): ModelUses[] {
  const byName = new Map<string, ModelUses>();
  for (const { organization, deltas } of events)
    for (const delta of deltas) {
      if (!countsInBuckets(delta.serviceTier)) continue;
      const name = `${organization}\0${delta.model}`;
      const known = byName.get(name) ?? { organization, model: delta.model, uses: [] };
      known.uses.push(useOf(delta));
      byName.set(name, known);
    }
  return [...byName.values()];
}

/** The limits of a model from the earliest to the latest of the given instants, one step per change of terms. */
export function limitSteps(terms: Terms, model: string, instants: readonly number[]): LimitSteps {
  let [from, to] = [Infinity, -Infinity];
  for (const at of instants) {
    if (at < from) from = at;
    if (at > to) to = at;
  }
  const known = knownLimits(terms);
  const changed = known.changes.filter((at) => at > from && at <= to);
  if (changed.length === 0) return stepWithin(terms, model, from, known);
  return [from, ...changed].map((at) => ({ from: at, limits: limitsOf(terms, model, at) }));
}

interface KnownLimits {
  /** Every instant at which a limit may change, ascending. */
  readonly changes: readonly number[];
  /** By model and how many changes were before. */
  readonly steps: Map<string, LimitSteps>;
}

const KNOWN = new WeakMap<Terms, KnownLimits>();
/** Models of one organization that are remembered: names that no catalog has cost no more memory than these. */
const MOST_KNOWN = 1_000;

function knownLimits(terms: Terms): KnownLimits {
  const known = KNOWN.get(terms);
  if (known) return known;
  const made = { changes: changesBetween(terms, -Infinity, Infinity), steps: new Map() };
  KNOWN.set(terms, made);
  return made;
}

// Between two changes the limits are the same: each check asks for them several times.
function stepWithin(
  terms: Terms,
  model: string,
  at: number,
  { changes, steps }: KnownLimits,
): LimitSteps {
  let before = 0;
  while (before < changes.length && (changes[before] as number) <= at) before += 1;
  const name = `${before}\0${model}`;
  const known = steps.get(name);
  if (known) return known;
  const made = [{ from: -Infinity, limits: limitsOf(terms, model, at) }];
  if (steps.size < MOST_KNOWN) steps.set(name, made);
  return made;
}

/** The steps of one limit of the model. */
export function stepsOf(steps: LimitSteps, name: LimitName): LimitStep[] {
  return steps.map(({ from, limits }) => ({ from, limit: limits[name] ?? null }));
}

/** The buckets after these uses; a use at a time without such a limit leaves no trace. Gives only the buckets that changed. */
export function applyUses(
  buckets: Buckets,
  uses: readonly ModelUse[],
  steps: LimitSteps,
): Map<LimitName, Bucket> {
  const after = new Map<LimitName, Bucket>();
  for (const name of limitNames(steps)) {
    const law = LIMIT_LAWS[name];
    const ofName = stepsOf(steps, name);
    for (const use of uses) {
      const milliunits = milliunitsOf(use, law.counts);
      if (milliunits === 0n || limitAt(ofName, use.at) === null) continue;
      const before = after.get(name) ?? buckets.get(name);
      after.set(name, addUse(before, { milliunits, at: use.at }, law, ofName));
    }
  }
  return after;
}

function limitNames(steps: LimitSteps): LimitName[] {
  const names = steps.flatMap(({ limits }) => Object.keys(limits) as LimitName[]);
  return [...new Set(names)];
}

function limitAt(steps: readonly LimitStep[], at: number): number | null {
  return (steps.findLast((step) => step.from <= at) ?? steps[0])?.limit ?? null;
}

function milliunitsOf(use: ModelUse, counts: 'requests' | 'tokens' | 'audio_seconds'): bigint {
  if (counts === 'audio_seconds') return BigInt(use.audioMs);
  return 1_000n * BigInt(counts === 'requests' ? use.requests : use.tokens);
}

function useOf({ at, requests, quantities }: UsageDelta): ModelUse {
  let tokens = 0;
  for (const pool of COUNTED_POOLS) tokens += quantities[pool] ?? 0;
  return { at, requests, tokens, audioMs: quantities.audio_ms ?? 0 };
}
