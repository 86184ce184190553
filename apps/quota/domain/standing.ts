// What an organization has used and holds now: spend and token buckets, of the organization and of its projects. A unit of work
// loads it under the organization's lock, changes it here, and writes back what changed.
import type { LimitName } from '#libs/events/account-facts.js';
import { spendLimitAt } from '#libs/events/account.js';
import { parseMoney } from '#libs/money/money.js';
import { addUse, type Bucket, LIMIT_LAWS, type LimitLaw } from '#libs/rating/bucket.js';
import type { Terms } from '#libs/rating/price-book.js';
import { type LimitSteps, limitSteps, stepsOf } from './bucket-uses.js';
import { projectLimitSteps } from './project-limits.js';

/** Stands for the organization as a whole where a project's name could be. */
export const WHOLE = '';

/** Money of the current month, in femto-units. */
export interface SpendStanding {
  /** The month's usage as the log has it, net of free usage. */
  spentFemto: bigint;
  /** Held by reservations that live. */
  heldFemto: bigint;
  /** Settled by a call or at expiry, and no event has come yet. */
  unconfirmedFemto: bigint;
}

/** Buckets of one model. */
export interface ModelStanding {
  readonly buckets: Map<LimitName, Bucket>;
  /** Usage beyond reservations is paid back by refill until then, epoch ms; 0 for none. */
  excessUntil: number;
}

export interface Standing {
  readonly organization: string;
  readonly terms: Terms;
  /** What credits were left when the current month began, for organizations on prepaid tiers. */
  creditFemto?: bigint;
  /** By project, WHOLE included. */
  readonly spend: Map<string, SpendStanding>;
  /** By project and model, `project\0model`. */
  readonly models: Map<string, ModelStanding>;
}

/** What one reservation takes of buckets and money at present. */
export interface Booking {
  readonly requests: bigint;
  readonly tokens: bigint;
  readonly audioMs: bigint;
  readonly heldFemto: bigint;
  readonly unconfirmedFemto: bigint;
}

export const NOTHING: Booking = {
  requests: 0n,
  tokens: 0n,
  audioMs: 0n,
  heldFemto: 0n,
  unconfirmedFemto: 0n,
};

/** Where and since when a booking counts. */
export interface BookingPlace {
  readonly model: string;
  readonly project: string | null;
  /** When it was admitted: its use of the buckets is dated then, whenever it is corrected. */
  readonly at: number;
}

/** The scopes that a request counts in: the organization's, and its project's when it names one. */
export function scopesOf(project: string | null): string[] {
  return project === null ? [WHOLE] : [WHOLE, project];
}

/** The buckets of a model, empty ones when it was never used. */
export function modelOf(standing: Standing, project: string, model: string): ModelStanding {
  const name = `${project}\0${model}`;
  const known = standing.models.get(name);
  if (known) return known;
  const made: ModelStanding = { buckets: new Map(), excessUntil: 0 };
  standing.models.set(name, made);
  return made;
}

/** The money of the organization (WHOLE) or of a project, zeros when there is none. */
export function spendOf(standing: Standing, project: string): SpendStanding {
  const known = standing.spend.get(project);
  if (known) return known;
  const made: SpendStanding = { spentFemto: 0n, heldFemto: 0n, unconfirmedFemto: 0n };
  standing.spend.set(project, made);
  return made;
}

/** Used, held and unconfirmed: what a limit is compared with. */
export function takenFemto(spend: SpendStanding): bigint {
  return spend.spentFemto + spend.heldFemto + spend.unconfirmedFemto;
}

/** The hard limit of the organization (WHOLE) or of a project; undefined where nothing is enforced. */
export function hardLimitFemto(terms: Terms, project: string, at: number): bigint | undefined {
  const limit = spendLimitAt(terms.account, project === WHOLE ? null : project, at);
  if (limit?.mode !== 'hard' || limit.amount === null) return undefined;
  return parseMoney(limit.amount);
}

/** The limits of a scope and model from the earliest instant needed until now, one step per change of terms. */
export function stepsIn(
  standing: Standing,
  project: string,
  model: string,
  instants: readonly number[],
): LimitSteps {
  const { terms } = standing;
  return project === WHOLE
    ? limitSteps(terms, model, instants)
    : projectLimitSteps(terms, project, model, instants);
}

/** Changes what a booking takes, in every scope that it counts in: buckets as of the booking's time, money as of now. */
export function rebook(
  standing: Standing,
  place: BookingPlace,
  before: Booking,
  after: Booking,
): void {
  for (const scope of scopesOf(place.project)) {
    const spend = spendOf(standing, scope);
    spend.heldFemto += after.heldFemto - before.heldFemto;
    spend.unconfirmedFemto += after.unconfirmedFemto - before.unconfirmedFemto;
    useBuckets(standing, scope, place, {
      requests: after.requests - before.requests,
      tokens: after.tokens - before.tokens,
      audioMs: after.audioMs - before.audioMs,
    });
  }
}

/** Units to take from the buckets of a model; negative ones are given back. */
export interface BucketTake {
  readonly requests: bigint;
  readonly tokens: bigint;
  readonly audioMs: bigint;
}

/** Takes from (or gives back to) every bucket of one scope that has a limit. */
export function useBuckets(
  standing: Standing,
  scope: string,
  place: BookingPlace,
  take: BucketTake,
): void {
  const { buckets } = modelOf(standing, scope, place.model);
  const instants = [place.at, ...[...buckets.values()].map(({ at }) => at)];
  const steps = stepsIn(standing, scope, place.model, instants);
  const inForce = (steps.findLast(({ from }) => from <= place.at) ?? steps[0])?.limits ?? {};
  for (const [name, limit] of Object.entries(inForce) as [LimitName, number | null][]) {
    const milliunits = milliunitsOf(take, LIMIT_LAWS[name]);
    if (limit === null || milliunits === 0n) continue;
    const use = { milliunits, at: place.at };
    buckets.set(name, addUse(buckets.get(name), use, LIMIT_LAWS[name], stepsOf(steps, name)));
  }
}

/** What a take counts as under a law, in thousandths of its unit. */
export function milliunitsOf(take: BucketTake, { counts }: LimitLaw): bigint {
  if (counts === 'audio_seconds') return take.audioMs;
  return 1_000n * (counts === 'requests' ? take.requests : take.tokens);
}
