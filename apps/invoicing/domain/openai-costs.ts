// OpenAI's costs page out of a month's costs. Source: openai-openapi, /organization/costs.
import { formatExact } from '#libs/money/money.js';
import type { Quantity } from '#libs/events/quantities.js';
import { DAY_MS } from '#libs/time/instant.js';
import type { Cost } from './costs.js';
import { unitOf } from './unit.js';

export const COST_GROUPS = ['project_id', 'line_item'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

/** Only costs of these; absent is all. '' among the projects is what names none. */
export interface CostFilter {
  readonly projects?: readonly string[];
  readonly lineItems?: readonly string[];
}

/** Whole UTC days, epoch ms, half-open; `next` is where the following page begins, null after the last. */
export interface CostPage {
  readonly from: number;
  readonly to: number;
  readonly next: number | null;
}

/** Both ends go out to the edges of the days that hold them. */
export function costPage(range: { start: number; end: number }, limit: number): CostPage {
  const from = Math.floor(range.start / DAY_MS) * DAY_MS;
  const end = Math.ceil(range.end / DAY_MS) * DAY_MS;
  const to = Math.min(end, from + limit * DAY_MS);
  return { from, to, next: to < end ? to : null };
}

/** The results of one day, a group each, in the order of project and line item; nothing for a day without costs. */
export function costResults(
  costs: readonly Cost[],
  groups: readonly CostGroup[],
  filter: CostFilter,
  currency: string,
) {
  const byProject = groups.includes('project_id');
  const byLine = groups.includes('line_item');
  const fitting = costs.filter(
    ({ project, lineItem }) =>
      (filter.projects?.includes(project ?? '') ?? true) &&
      (filter.lineItems?.includes(lineItem) ?? true),
  );
  const named = Map.groupBy(fitting, ({ project, lineItem }) =>
    JSON.stringify([byProject ? project : null, byLine ? lineItem : null]),
  );
  return [...named]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, same]) => resultOf(same, { byProject, byLine }, currency));
}

function resultOf(
  same: readonly Cost[],
  { byProject, byLine }: { readonly byProject: boolean; readonly byLine: boolean },
  currency: string,
) {
  const [first] = same as readonly [Cost, ...Cost[]];
  const exact = formatExact(same.reduce((sum, { femto }) => sum + femto, 0n));
  const units = same.reduce((sum, cost) => sum + cost.units, 0n);
  return {
    object: 'organization.costs.result',
    amount: {
      // OpenAI's clients read a number; the texts beside it are exact.
      value: Number(exact),
      value_exact: exact,
      value_decimal: exact,
      currency: currency.toLowerCase(),
    },
    line_item: byLine ? first.lineItem : null,
    project_id: byProject ? first.project : null,
    api_key_id: null,
    ...(byLine ? quantityOf(first.pool, units) : { quantity: null, quantity_unit: null }),
  };
}

// The units that OpenAI lists; what it has no word for has a quantity and no unit.
function quantityOf(pool: Quantity | null, units: bigint) {
  if (pool === null) return { quantity: null, quantity_unit: null };
  const unit = unitOf(pool);
  if (unit === 'ms') return { quantity: Number(units) / 1_000, quantity_unit: 'duration_seconds' };
  const names = { token: 'tokens', character: 'characters', image: 'images', search: null };
  return { quantity: Number(units), quantity_unit: names[unit] };
}
