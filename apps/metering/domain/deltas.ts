// Usage as signed changes: an event adds, a correction takes the current state off and puts the right one on.
import type { UsageDelta } from '#libs/events/metered-batch.js';
import { QUANTITIES, type Quantities, type Quantity } from '#libs/events/quantities.js';
import type { Usage } from '#libs/events/usage-event.js';

/** What an event adds at its own time. */
export function usageDelta(usage: Usage, at: number): UsageDelta {
  const { model, project, apiKey, serviceTier, adapter, user, quantities } = usage;
  return { at, model, project, apiKey, serviceTier, adapter, user, requests: 1, quantities };
}

/**
 * What a correction books, given all that was booked for its original so far: the current state taken off, then the new usage
 * put on at the original's time. Voiding what is void books nothing.
 */
export function correctionDeltas(
  booked: readonly UsageDelta[],
  corrected: Usage | null,
  at: number,
): UsageDelta[] {
  const off = currentOf(booked).map(negated);
  return corrected === null ? off : [...off, usageDelta(corrected, at)];
}

/** The state that a chain of deltas leaves: at most one request under each set of names. */
export function currentOf(booked: readonly UsageDelta[]): UsageDelta[] {
  const sums = new Map<string, { delta: UsageDelta; requests: number; quantities: Quantities }>();
  for (const delta of booked) {
    const { at, model, project, apiKey, serviceTier, adapter, user } = delta;
    const name = JSON.stringify([at, model, project, apiKey, serviceTier, adapter, user]);
    const sum = sums.get(name) ?? { delta, requests: 0, quantities: {} };
    sum.requests += delta.requests;
    for (const [quantity, units] of Object.entries(delta.quantities) as [Quantity, number][])
      sum.quantities[quantity] = (sum.quantities[quantity] ?? 0) + units;
    sums.set(name, sum);
  }
  return [...sums.values()]
    .filter(({ requests }) => requests !== 0)
    .map(({ delta, quantities }) => ({
      ...delta,
      requests: 1,
      quantities: withoutZeros(quantities),
    }));
}

/** The same delta with its fields in one order: what went through the database is byte for byte what was booked. */
export function inOrder(delta: UsageDelta): UsageDelta {
  const quantities: Quantities = {};
  for (const name of QUANTITIES) {
    const units = delta.quantities[name];
    if (units !== undefined) quantities[name] = units;
  }
  const { at, model, project, apiKey, serviceTier, adapter, user, requests } = delta;
  return { at, model, project, apiKey, serviceTier, adapter, user, requests, quantities };
}

function negated(delta: UsageDelta): UsageDelta {
  const quantities = Object.fromEntries(
    Object.entries(delta.quantities).map(([quantity, units]) => [quantity, -units]),
  ) as Quantities;
  return { ...delta, requests: delta.requests === 1 ? -1 : 1, quantities };
}

function withoutZeros(quantities: Quantities): Quantities {
  return Object.fromEntries(Object.entries(quantities).filter(([, units]) => units !== 0));
}
