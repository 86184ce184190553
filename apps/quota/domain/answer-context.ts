// What an answer says beside the decision's numbers, out of the organization's terms: its currency and the tier above its own.
import { type Terms, termsAt } from '#libs/rating/price-book.js';
import type { AnswerContext } from './answer-facts.js';

/**
 * The context at an instant. An upgrade is offered where there is a page for it (`upgradeUrl`) and the catalog's next tier is
 * not one by contract, which nobody chooses on a page.
 */
export function answerContext(terms: Terms, at: number, upgradeUrl?: string): AnswerContext {
  const { currency } = terms.account.profile;
  const inForce = termsAt(terms, at);
  if (!inForce || upgradeUrl === undefined) return { currency };
  const { tiers } = inForce.catalog;
  const next = tiers[tiers.indexOf(inForce.tier) + 1];
  if (!next || next.usage === 'contract') return { currency };
  return { currency, upgrade: { title: next.title, url: upgradeUrl } };
}

/** Whether a client asks for problem details by name (a wildcard does not), and rather than for plain JSON. */
export function prefersProblem(accept: string | undefined): boolean {
  const weights = new Map((accept ?? '').split(',').map(mediaRange));
  const problem = weights.get('application/problem+json') ?? 0;
  return problem > 0 && problem >= (weights.get('application/json') ?? 0);
}

function mediaRange(range: string): [type: string, weight: number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.split('=')[1];
  return [type, weight === undefined ? 1 : Number(weight) || 0];
}
