// What metered usage does to standings: events settle the reservations that they name, other usage takes from the buckets on
// arrival, the month's spend grows.
import { countedQuantities } from '#libs/events/digest.js';
import { contextOf } from '#libs/rating/context-bounds.js';
import { hourOf } from '#libs/time/instant.js';
import { monthOf, type Period } from '#libs/time/month.js';
import { excessEvent } from '../domain/announce.js';
import { countsInBuckets } from '../domain/bucket-uses.js';
import { addedMoney, type ProjectRow } from '../domain/month-money.js';
import { countedTokens, type Reservation } from '../domain/reservation.js';
import { type Settled, settleByEvent } from '../domain/settle.js';
import {
  modelOf,
  scopesOf,
  spendOf,
  type Standing,
  useBuckets,
  WHOLE,
} from '../domain/standing.js';
import { mostFemto } from '../domain/usage-cost.js';
import type { AdmissionBook } from './admission-book.js';
import type { KeptReservation } from './kept-reservation.js';
import { type ModelName, namesOf } from './model-names.js';
import { say } from './tell.js';
import type { UsageEvent, UsedDelta, WaitingUsage } from './waiting-usage.js';

/** Takes waiting usage into the book; `found` are the reservations that it names. Rows of organizations without a page stay. */
export function takeIn(
  book: AdmissionBook,
  waiting: readonly WaitingUsage[],
  found: readonly KeptReservation[],
): void {
  const kept = new Map(found.map((one) => [one.reservation.id, one]));
  for (const [organization, own] of Map.groupBy(waiting, (one) => one.organization)) {
    const standing = book.standing(organization);
    if (!standing) continue;
    for (const { id, events } of own) {
      book.take(organization, id);
      for (const event of events) applyEvent(book, standing, event, kept);
    }
    addSpend(book, standing, own);
  }
}

/** The names of what usage counts in. */
export function namesInUsage({ organization, events }: WaitingUsage): ModelName[] {
  return events.flatMap(({ deltas }) =>
    deltas.flatMap(({ project, model }) => namesOf({ organization, project, model })),
  );
}

/** The usage of a period as rows to rate. */
export function rowsInMonth(waiting: readonly WaitingUsage[], { from, to }: Period): ProjectRow[] {
  return waiting
    .flatMap(({ events }) => events.flatMap(({ deltas }) => deltas.flatMap(rowsOf)))
    .filter(({ hour }) => from <= hour && hour < to);
}

function applyEvent(
  book: AdmissionBook,
  standing: Standing,
  event: UsageEvent,
  kept: ReadonlyMap<string, KeptReservation>,
): void {
  const named = event.reservation === null ? undefined : kept.get(event.reservation);
  const before = named && (book.reservation(named.reservation.id) ?? named);
  const [delta] = event.deltas;
  if (
    event.kind !== 'recorded' ||
    !delta ||
    before?.reservation.request.organization !== event.organization
  ) {
    for (const one of event.deltas) takeFromBuckets(book, standing, one);
    return;
  }
  const { reservation } = before;
  const settled = besideTheFold(book, reservation, delta.model, () =>
    settleByEvent(standing, reservation, {
      model: delta.model,
      used: delta.quantities,
      femto:
        costOf(standing, delta) ??
        mostFemto(standing.terms, reservation, delta.quantities, delta.at + 1),
      usedAt: delta.at,
      at: book.now,
    }),
  );
  book.put({ ...before, reservation: settled.reservation, source: event.source });
  if (settled.excess) {
    const origin = { source: event.source, event: event.id };
    say(book, excessEvent(settled.excess, origin, book.now));
  }
}

// A bucket that was made from the fold has the usage already, and the hold on top where it lived: that alone is given back.
function besideTheFold(
  book: AdmissionBook,
  { request, state, booked, bookedAt }: Reservation,
  usedModel: string,
  settle: () => Settled,
): Settled {
  const { organization } = request;
  const standing = book.standing(organization) as Standing;
  const seeded = [...new Set([request.model, usedModel])]
    .filter((model) => book.isSeeded({ organization, project: WHOLE, model }))
    .map((model) => modelOf(standing, WHOLE, model).buckets)
    .map((buckets) => ({ buckets, before: [...buckets] }));
  const settled = settle();
  for (const { buckets, before } of seeded) {
    buckets.clear();
    for (const [name, bucket] of before) buckets.set(name, bucket);
  }
  const whole = { organization, project: WHOLE, model: request.model };
  if (state === 'held' && book.isHeldOnFold(whole))
    useBuckets(
      standing,
      WHOLE,
      { model: request.model, project: null, at: bookedAt },
      {
        requests: -booked.requests,
        tokens: -booked.tokens,
        audioMs: -booked.audioMs,
      },
    );
  return settled;
}

// A bucket that was made from the fold beside the waiting usage has it already.
function takeFromBuckets(book: AdmissionBook, standing: Standing, delta: UsedDelta): void {
  if (!countsInBuckets(delta.serviceTier)) return;
  const { model, project, at, requests, quantities } = delta;
  const place = { model, project, at };
  for (const scope of scopesOf(project)) {
    const name = { organization: standing.organization, project: scope, model };
    if (scope === WHOLE && book.isSeeded(name)) continue;
    useBuckets(standing, scope, place, {
      requests: BigInt(requests),
      tokens: countedTokens(quantities),
      audioMs: BigInt(quantities.audio_ms ?? 0),
    });
  }
}

function addSpend(book: AdmissionBook, standing: Standing, waiting: readonly WaitingUsage[]): void {
  const month = monthOf(book.now);
  const { organization, terms } = standing;
  const added = rowsInMonth(waiting, month);
  if (added.length === 0 || book.isAllRated(organization)) return;
  const money = addedMoney(terms, month, added);
  if (!money) throw new Error(`usage of ${organization} was added where the month must be rated`);
  for (const [project, femto] of money)
    // What was rated beside the waiting usage has it already.
    if (!book.isRated(organization, project)) spendOf(standing, project).spentFemto += femto;
}

function costOf({ terms }: Standing, delta: UsedDelta): bigint | undefined {
  return addedMoney(terms, monthOf(delta.at), rowsOf(delta))?.get(WHOLE);
}

function rowsOf(delta: UsedDelta): ProjectRow[] {
  const { model, serviceTier, adapter, project, at, requests } = delta;
  const names = { hour: hourOf(at), model, serviceTier, adapter, project };
  const context = contextOf(delta.quantities);
  return countedQuantities({ ...delta, apiKey: null, user: null }).map(([quantity, units]) => ({
    ...names,
    context,
    quantity,
    units: BigInt(units),
    events: BigInt(requests),
    digestA: 0n,
    digestB: 0n,
  }));
}
