// What became of one event, out of what is kept of it.
import type { UsageDelta } from '#libs/events/metered-batch.js';
import type { Quantity } from '#libs/events/quantities.js';
import type { UsageEvent } from '#libs/events/usage-event.js';
import { priceAt, type Terms } from '#libs/rating/price-book.js';
import { hourOf } from '#libs/time/instant.js';
import { currentOf, usageDelta } from './deltas.js';

/** `duplicate` is a copy's state, never an identity's: copies are listed as repeats. */
export type EventState =
  'counted' | 'voided' | 'corrected' | 'suspended' | 'conflict' | 'quarantined';

export interface Counted {
  /** As the log has it; undefined when the log no longer does. */
  readonly event: UsageEvent | undefined;
  /** Everything that corrections have booked for it, in any order. */
  readonly booked: readonly UsageDelta[];
  /** undefined: the organization is not registered. */
  readonly terms: Terms | undefined;
}

/**
 * Of an event that holds its identity. Voided where nothing is left of it, corrected where something else is; a corrected one
 * may still be void again, and a voided one corrected: what is left decides, not the order. Else suspended while a price or the
 * account is missing. A voiding or correcting event itself is counted: it was applied.
 */
export function stateOfCounted({ event, booked, terms }: Counted): EventState {
  if (event && event.kind !== 'recorded') return 'counted';
  const requests = booked.reduce((sum, delta) => sum + delta.requests, 1);
  if (requests === 0) return 'voided';
  if (booked.length > 0) return 'corrected';
  if (!terms) return 'suspended';
  return event && lacksPrice(currentOf([usageDelta(event.usage, event.at)]), terms)
    ? 'suspended'
    : 'counted';
}

/** Of an event that only lies in the rejected: nothing of it counts. */
export function stateOfRejected(reasons: readonly string[]): EventState {
  return reasons.includes('conflict') ? 'conflict' : 'quarantined';
}

/** Whether a quantity was used for which no price row was in force in its hour. */
export function lacksPrice(usage: readonly UsageDelta[], terms: Terms): boolean {
  return usage.some(({ at, model, serviceTier, adapter, quantities }) =>
    (Object.keys(quantities) as Quantity[]).some(
      (quantity) =>
        quantities[quantity] !== 0 &&
        !priceAt(terms, { model, serviceTier, adapter, quantity, context: 0 }, hourOf(at)),
    ),
  );
}

/** What the event itself booked, at its place in the log: a correction what it took off and put on, else its own usage. */
export function bookedBy({
  event,
  applied,
}: {
  readonly event: UsageEvent | undefined;
  readonly applied: { readonly deltas: readonly UsageDelta[] } | undefined;
}): readonly UsageDelta[] {
  if (applied) return applied.deltas;
  return event?.kind === 'recorded' ? [usageDelta(event.usage, event.at)] : [];
}
