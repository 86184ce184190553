// Fail modes: what may still be admitted while the database is away. A tier is closed (nobody is admitted) unless the operator opens
// it with a bounded lease: a share of each bucket and an amount of money, per organization, instance and outage.
import type { LimitName } from '#libs/events/account-facts.js';
import { formatExact, parseMoney } from '#libs/money/money.js';
import { limitsOf, type Terms, termsAt } from '#libs/rating/price-book.js';
import { isPrepaid } from './credit.js';

export interface LeasePolicy {
  /** Of each limit, 1 to 100. */
  readonly percent: number;
  readonly femto: bigint;
}

/** Policies by the name of the tier; a tier without one fails closed. */
export type LeasePolicies = ReadonlyMap<string, LeasePolicy>;

/** `enterprise:5:10.00,developer:1:0.50` → 5 % of each limit and 10.00 of money; '' → none. Throws RangeError on anything else. */
export function parseLeasePolicies(text: string): LeasePolicies {
  const parts = text.split(',').map((part) => part.trim());
  return new Map(
    parts.filter((part) => part !== '').map((part) => [part.split(':')[0] ?? '', policyOf(part)]),
  );
}

function policyOf(part: string): LeasePolicy {
  const match = /^[a-z][a-z0-9_-]{0,62}:(\d{1,3}):(\d+(?:\.\d+)?)$/.exec(part);
  const percent = Number(match?.[1] ?? 0);
  if (!match || percent < 1 || percent > 100)
    throw new RangeError(`"${part}" is not tier:percent:amount, as in enterprise:5:10.00`);
  return { percent, femto: parseMoney(match[2] as string) };
}

/**
 * The terms that a lease decides by, from what was known last: every limit of the model cut to its share, and the lease's money as
 * the hard limit. undefined: closed, as the tier says, or because a hard spend limit or prepaid credit was promised to hold.
 */
export function leaseTerms(
  terms: Terms,
  model: string,
  policies: LeasePolicies,
  at: number,
): Terms | undefined {
  const policy = policies.get(termsAt(terms, at)?.tier.name ?? '');
  if (!policy || isPrepaid(terms, at)) return undefined;
  const { account } = terms;
  if (account.spendLimits.some(({ mode, amount }) => mode === 'hard' && amount !== null))
    return undefined;
  const limits: Partial<Record<LimitName, number | null>> = {};
  for (const [name, limit] of Object.entries(limitsOf(terms, model, at)) as [
    LimitName,
    number | null,
  ][])
    limits[name] = limit === null ? null : Math.floor((limit * policy.percent) / 100);
  const share = { id: 'lease', model, serviceTier: null, prices: {}, limits, from: 0, to: null };
  const money = {
    project: null,
    amount: formatExact(policy.femto),
    mode: 'hard' as const,
    alerts: [],
    from: 0,
  };
  const overrides = [...account.overrides, share];
  return { ...terms, account: { ...account, overrides, spendLimits: [money] } };
}
