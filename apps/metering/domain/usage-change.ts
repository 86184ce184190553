// How events change usage: plain usage adds itself; a correction takes off what its original counts now and puts the new on.
// Everything is booked at the original's time, so a correction never moves usage to another hour (design section 4).
import type { MeteredEvent, UsageDelta } from '#libs/events/metered-batch.js';
import { QUANTITIES, type Quantities } from '#libs/events/quantities.js';
import type { Usage } from '#libs/events/usage-event.js';
import type { NamedEvent } from './named-event.js';

/** Usage as it is added at an instant. */
export function added(usage: Usage, at: number): UsageDelta {
  const { model, project, apiKey, serviceTier, adapter, user, quantities } = usage;
  return { at, model, project, apiKey, serviceTier, adapter, user, requests: 1, quantities };
}

/** The exact opposite: 300 input tokens and one request become −300 and −1. */
export function takenOff(delta: UsageDelta): UsageDelta {
  const quantities: Quantities = {};
  for (const name of QUANTITIES) {
    const units = delta.quantities[name];
    // No −0: it is no number of JSON's.
    if (units) quantities[name] = -units;
  }
  return { ...delta, requests: delta.requests === 1 ? -1 : 1, quantities };
}

/**
 * What a correction books, given what its original counts now (undefined: voided already). A void of something already voided
 * books nothing and still counts as applied; a correction after a void puts the new usage on.
 */
export function correction(
  now: UsageDelta | undefined,
  at: number,
  usage: Usage | null,
): UsageDelta[] {
  const deltas = now ? [takenOff(now)] : [];
  return usage ? [...deltas, inOrder(added(usage, at))] : deltas;
}

/** What an original counts after the corrections that were booked on it, in booking order; undefined when it was voided. */
export function countsNow(
  original: UsageDelta,
  booked: readonly (readonly UsageDelta[])[],
): UsageDelta | undefined {
  let now: UsageDelta | undefined = original;
  for (const deltas of booked) now = deltas.find(({ requests }) => requests === 1);
  return now;
}

/** The same delta with its fields and quantities in one order: what went through the database is byte for byte what was booked. */
export function inOrder(delta: UsageDelta): UsageDelta {
  const quantities: Quantities = {};
  for (const name of QUANTITIES) {
    const units = delta.quantities[name];
    if (units !== undefined) quantities[name] = units;
  }
  const { at, model, project, apiKey, serviceTier, adapter, user, requests } = delta;
  return { at, model, project, apiKey, serviceTier, adapter, user, requests, quantities };
}

/** An event that counts, as the readers of `usage.metered` get it. */
export function metered(named: NamedEvent, deltas: readonly UsageDelta[]): MeteredEvent {
  const { kind, source, id, organization, reservation } = named.event;
  return {
    offset: named.offset,
    key: named.key,
    kind,
    source,
    id,
    organization,
    reservation,
    deltas,
  };
}
