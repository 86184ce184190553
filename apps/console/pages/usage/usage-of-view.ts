import { usageQuery } from '../../data/queries.js';
import { instantText, rangeOf, type UsageView } from '../../domain/usage-view.js';

/** The question that a view asks at an instant: the same one until the hour is over, so that its answer is kept. */
export function usageOfView(organization: string, view: UsageView, now: number) {
  const { from, to } = rangeOf(view.span, now);
  return usageQuery({
    organization,
    from: instantText(from),
    to: instantText(to),
    window: view.window,
    ...(view.split !== 'pool' && { group_by: view.split }),
    ...view.filters,
  });
}
