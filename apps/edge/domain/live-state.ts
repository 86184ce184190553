// What an open console is told: which part of an organization's state moved since the last look. Hints to ask again, never figures.

export const HINTS = ['usage', 'spend', 'limits', 'invoice'] as const;
export type Hint = (typeof HINTS)[number];

/** One look at an organization; null where the service did not answer. */
export interface LiveState {
  readonly spend: Readonly<Record<string, unknown>> | null;
  readonly invoices: Readonly<Record<string, unknown>> | null;
}

/** The hints between two looks. A part that was away and is back counts as moved; one that is away does not. */
export function hintsBetween(before: LiveState, now: LiveState): Hint[] {
  const hints = new Set<Hint>();
  if (now.spend !== null && differ(before.spend, now.spend, ['as_of'])) {
    hints.add('spend');
    hints.add('limits');
  }
  // Positions move with every batch of anybody; the spend or the request count moves with our own usage only.
  if (now.spend !== null && differ(before.spend, now.spend, SPEND_ONLY)) hints.add('usage');
  if (now.invoices !== null && differ(before.invoices, now.invoices, [])) hints.add('invoice');
  return [...hints];
}

const SPEND_ONLY = [
  'as_of',
  'held_exact',
  'remaining_exact',
  'forecast',
  'limit',
  'mode',
  'alerts',
];

function differ(
  before: Readonly<Record<string, unknown>> | null,
  now: Readonly<Record<string, unknown>>,
  without: readonly string[],
): boolean {
  return text(before, without) !== text(now, without);
}

function text(state: Readonly<Record<string, unknown>> | null, without: readonly string[]): string {
  const kept = Object.entries(state ?? {}).filter(([name]) => !without.includes(name));
  return JSON.stringify(kept);
}
