// Whether a catalog version may be published after those that were. Its own form is checked by libs/rating/catalog-document.ts.
import type { Catalog } from '#libs/rating/catalog.js';
import { formatInstant } from '#libs/time/instant.js';
import { priceInstantFault } from './effective-time.js';
import type { Fault } from './fault.js';

/**
 * The faults of a new version's time: the first version may begin at any instant (it covers all time before it anyway); a
 * later one on a whole hour at least ten minutes from now and after every published one: no priced hour ever changes.
 */
export function catalogTimeFaults(
  now: number,
  published: readonly Catalog[],
  next: Catalog,
): readonly Fault[] {
  const last = published.at(-1);
  if (!last) return [];
  const time = priceInstantFault(next.effectiveFrom, now);
  if (time) return [time];
  if (next.effectiveFrom > last.effectiveFrom) return [];
  return [
    {
      pointer: '/effective_from',
      code: 'not_after_published',
      detail: `version ${last.version} begins at ${formatInstant(last.effectiveFrom)}; a later version begins after it`,
    },
  ];
}

/** One currency for good: `currency_is_fixed` when a version would change it under the accounts that are in it. */
export function catalogCurrencyFaults(
  published: readonly Catalog[],
  next: Catalog,
): readonly Fault[] {
  const last = published.at(-1);
  if (!last || last.currency === next.currency) return [];
  return [
    {
      pointer: '/currency',
      code: 'currency_is_fixed',
      detail: `the published catalog is in ${last.currency}`,
    },
  ];
}

/**
 * `tier_in_use` for each tier that organizations would be on without terms: their usage would have no price. They are moved to
 * another tier first, from the version's beginning at the latest.
 */
export function droppedTierFaults(
  used: readonly { readonly tier: string; readonly organizations: number }[],
  published: readonly Catalog[],
  next: Catalog,
): readonly Fault[] {
  const last = published.at(-1);
  if (!last) return [];
  const kept = new Set(next.tiers.map(({ name }) => name));
  const dropped = new Set(last.tiers.map(({ name }) => name).filter((name) => !kept.has(name)));
  return used
    .filter(({ tier }) => dropped.has(tier))
    .map(({ tier, organizations }) => ({
      pointer: '/tiers',
      code: 'tier_in_use',
      detail: `"${tier}" is gone, and ${organizations} organizations are on it from ${formatInstant(next.effectiveFrom)} on`,
    }));
}
