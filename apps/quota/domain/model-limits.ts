// What is left: every limit of every model that an organization has limits on or has used, by the law of libs/rating/bucket.ts.
import { LIMIT_NAMES, type LimitName } from '#libs/events/account-facts.js';
import { type BucketView, debtAt, LIMIT_LAWS, viewBucket } from '#libs/rating/bucket.js';
import { catalogAt, type Terms, termsAt } from '#libs/rating/price-book.js';
import { type Buckets, limitSteps, stepsOf } from './bucket-uses.js';

export interface ModelLimit {
  readonly name: LimitName;
  readonly windowSeconds: number;
  /** null: there is no such limit. */
  readonly limit: number | null;
  /** null without a limit: nothing is counted then. */
  readonly view: BucketView | null;
}

export interface ModelLimits {
  readonly model: string;
  readonly limits: readonly ModelLimit[];
}

/** Shown for every model; audio limits only where the terms speak of them. */
const ALWAYS_SHOWN: readonly LimitName[] = [
  'requests_per_minute',
  'requests_per_day',
  'tokens_per_minute',
  'tokens_per_day',
];

export interface LimitsInput {
  readonly terms: Terms;
  readonly buckets: ReadonlyMap<string, Buckets>;
  /** Models that the organization used lately, beside those of its tier. */
  readonly used: readonly string[];
  readonly now: number;
  /** Only this model, when it is known at all. */
  readonly only?: string;
}

/** The tier's models in its order, then those of overrides, then others that were used, by name. */
export function modelLimits({ terms, buckets, used, now, only }: LimitsInput): ModelLimits[] {
  const tier = termsAt(terms, now)?.tier;
  const overridden = terms.account.overrides.flatMap(({ model }) => model ?? []);
  const shown = [
    ...Object.keys(tier?.limits ?? {}),
    ...overridden,
    ...[...used, ...buckets.keys()].toSorted(),
  ];
  const known = Object.keys(catalogAt(terms.catalogs, now)?.models ?? {});
  const models = only === undefined ? shown : [...shown, ...known].filter((one) => one === only);
  return [...new Set(models)].map((model) => ({
    model,
    limits: limitsOfModel(terms, model, buckets.get(model), now),
  }));
}

function limitsOfModel(
  terms: Terms,
  model: string,
  buckets: Buckets | undefined,
  now: number,
): ModelLimit[] {
  const instants = [...(buckets?.values() ?? [])].map(({ at }) => at);
  const steps = limitSteps(terms, model, [...instants, now]);
  const inForce = steps.findLast(({ from }) => from <= now)?.limits ?? {};
  const names = LIMIT_NAMES.filter((name) => ALWAYS_SHOWN.includes(name) || name in inForce);
  return names.map((name) => {
    const law = LIMIT_LAWS[name];
    const limit = inForce[name] ?? null;
    const bucket = buckets?.get(name);
    const debt = bucket ? debtAt(bucket, stepsOf(steps, name), now) : 0n;
    const view = limit === null ? null : viewBucket(debt, limit, law);
    return { name, windowSeconds: law.windowSeconds, limit, view };
  });
}
