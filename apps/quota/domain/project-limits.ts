// Limits of one project below its organization's: both must let a request pass.
import type { LimitSteps } from './bucket-uses.js';
import { changesBetween, type Terms } from '#libs/rating/price-book.js';
import type { LimitTable } from '#libs/rating/catalog.js';

/** The project's own limits of a model at an instant, from the overrides granted to it; {} when it has none. */
export function projectLimitsOf(
  terms: Terms,
  project: string,
  model: string,
  at: number,
): LimitTable {
  const granted = terms.account.overrides
    .filter(
      (override) =>
        override.project === project &&
        override.model === model &&
        override.from <= at &&
        (override.to === null || at < override.to),
    )
    .map(({ limits }) => limits);
  return Object.assign({}, ...granted) as LimitTable;
}

/** Those limits from the earliest to the latest of the given instants, one step per change of terms. */
export function projectLimitSteps(
  terms: Terms,
  project: string,
  model: string,
  instants: readonly number[],
): LimitSteps {
  const from = Math.min(...instants);
  const to = Math.max(...instants);
  return [from, ...changesBetween(terms, from, to + 1)].map((at) => ({
    from: at,
    limits: projectLimitsOf(terms, project, model, at),
  }));
}
