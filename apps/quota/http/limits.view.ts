// GET …/limits as the contract has it (http-contract.md, quota): the plan first, then each limit of each model.
import { nextTierAfter, tierAt } from '#libs/events/account.js';
import type { Terms } from '#libs/rating/price-book.js';
import { termsAt } from '#libs/rating/price-book.js';
import { formatGoDuration } from '#libs/time/duration.js';
import { formatInstant } from '#libs/time/instant.js';
import type { ModelLimit, ModelLimits } from '../domain/model-limits.js';

/** The tier in force; what the catalog says about it is null or empty when there is no catalog, or not this tier in it. */
export function planView(terms: Terms, now: number) {
  const span = tierAt(terms.account, now);
  const inForce = termsAt(terms, now);
  const next = nextTierAfter(terms.account, now);
  return {
    tier: span.tier,
    title: inForce?.tier.title ?? span.tier,
    monthly_fee: inForce?.tier.monthlyFee ?? null,
    usage: inForce?.tier.usage ?? null,
    since: formatInstant(span.from),
    ...(next ? { next: { tier: next.tier, from: formatInstant(next.from) } } : {}),
    features: inForce?.tier.features ?? [],
    catalog_version: inForce?.catalog.version ?? null,
  };
}

/** Without a limit every number but the window is null: nothing is counted, so that nothing is used or left. */
export function modelLimitsView({ model, limits }: ModelLimits) {
  return { model, limits: limits.map(limitView) };
}

function limitView({ name, limit, view, windowSeconds }: ModelLimit) {
  return {
    name,
    limit,
    used: view?.used ?? null,
    remaining: view?.remaining ?? null,
    window_seconds: windowSeconds,
    // A limit of 0 that was used all the same is never full again.
    full_in: view?.fullInNs == null ? null : formatGoDuration(view.fullInNs),
  };
}
