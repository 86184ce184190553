import type { UsageDelta } from '#libs/events/metered-batch.js';
import type { Quantities } from '#libs/events/quantities.js';
import type { Usage, UsageEvent } from '#libs/events/usage-event.js';
import { account, catalog } from '#libs/rating/test/terms.js';
import { correctionDeltas, usageDelta } from './deltas.js';
import {
  bookedBy as ownOf,
  type EventState,
  stateOfCounted,
  stateOfRejected,
} from './event-state.js';

const AT = Date.UTC(2026, 10, 16, 11, 30);
const TERMS = {
  account: account(),
  catalogs: [catalog({ version: 'v1', effectiveFrom: 0 })],
};

function usage(quantities: Quantities, model = 'llama'): Usage {
  const names = { project: null, apiKey: null, adapter: null, user: null };
  return { model, ...names, serviceTier: 'on_demand', status: 'completed', quantities };
}

function recorded(used: Usage): UsageEvent {
  return {
    kind: 'recorded',
    id: 'e',
    source: 's',
    organization: 'org_acme',
    at: AT,
    sequence: null,
    reservation: null,
    mapped: false,
    usage: used,
    original: null,
  };
}

/** What a row of corrections books, one after the other; null voids. */
function bookedBy(first: Usage, ...corrections: (Usage | null)[]): UsageDelta[] {
  const all = [usageDelta(first, AT)];
  for (const corrected of corrections) all.push(...correctionDeltas(all, corrected, AT));
  return all.slice(1);
}

describe('state of a counted event', () => {
  const used = usage({ input: 10 });
  const other = usage({ input: 4 });

  it.each<[string, (Usage | null)[], EventState]>([
    // corrections                    state
    ['nothing', [], 'counted'],
    ['a void', [null], 'voided'],
    ['two voids', [null, null], 'voided'],
    ['a correction', [other], 'corrected'],
    ['a correction to the same', [used], 'corrected'],
    ['a correction, then a void', [other, null], 'voided'],
    ['a void, then a correction', [null, other], 'corrected'],
  ])('after %s', (_, corrections, state) => {
    const booked = bookedBy(used, ...corrections);
    expect(stateOfCounted({ event: recorded(used), booked, terms: TERMS })).toBe(state);
    // In any order, and without the record.
    const turned = { event: undefined, booked: booked.toReversed(), terms: TERMS };
    expect(stateOfCounted(turned)).toBe(state);
  });

  it.each<[string, Usage, typeof TERMS | undefined, EventState]>([
    ['without an account', used, undefined, 'suspended'],
    ['of a model without a price', usage({ input: 1 }, 'new'), TERMS, 'suspended'],
    ['of a quantity without a price', usage({ input: 1, searches: 1 }), TERMS, 'suspended'],
    ['of none of a quantity without a price', usage({ input: 1, searches: 0 }), TERMS, 'counted'],
    ['of nothing at all', usage({}), TERMS, 'counted'],
    ['without a catalog', used, { ...TERMS, catalogs: [] }, 'suspended'],
  ])('for usage %s', (_, one, terms, state) => {
    expect(stateOfCounted({ event: recorded(one), booked: [], terms })).toBe(state);
  });

  it('is voided, not suspended, when nothing is left to price', () => {
    const booked = bookedBy(used, null);
    expect(stateOfCounted({ event: recorded(used), booked, terms: undefined })).toBe('voided');
  });
});

describe('state of a rejected event', () => {
  it.each<[string[], EventState]>([
    [['unknown_original'], 'quarantined'],
    [['too_old', 'conflict'], 'conflict'],
  ])('of %j is %s', (reasons, state) => {
    expect(stateOfRejected(reasons)).toBe(state);
  });
});

describe('what an event booked', () => {
  const event = recorded(usage({ input: 3 }));
  const original = { source: 's', id: 'e' };
  const voiding = { ...event, kind: 'voided', original } as unknown as UsageEvent;

  it('is its usage at its own time; of a correction what that took off and put on', () => {
    const own = [usageDelta(event.usage as Usage, AT)];
    expect(ownOf({ event, applied: undefined })).toEqual(own);
    const deltas = correctionDeltas(own, null, AT);
    expect(ownOf({ event: voiding, applied: { deltas } })).toBe(deltas);
  });

  it('is nothing of a correction that was not applied, nor of what the log no longer has', () => {
    expect(ownOf({ event: voiding, applied: undefined })).toEqual([]);
    expect(ownOf({ event: undefined, applied: undefined })).toEqual([]);
  });
});
