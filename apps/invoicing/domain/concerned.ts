// Whom a billing run is about when nobody is named.
import type { Account } from '#libs/events/account.js';
import type { Period } from '#libs/time/month.js';

/** Everyone registered before the month ended, and everyone who used something in it, registered or not; in order. */
export function concernedBy(
  period: Period,
  accounts: readonly Account[],
  withUsage: readonly string[],
): readonly string[] {
  const registered = accounts
    .filter(({ effectiveFrom }) => effectiveFrom < period.to)
    .map(({ id }) => id);
  return [...new Set([...registered, ...withUsage])].toSorted();
}
