// What metered usage does to standings, in the transaction that folds it: events settle the reservations that they name, other usage
// takes from the buckets on arrival, the month's spend grows, thresholds are said.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { countedQuantities } from '#libs/events/digest.js';
import type { MeteredEvent, UsageDelta } from '#libs/events/metered-batch.js';
import { contextOf } from '#libs/rating/context-bounds.js';
import { announce } from '#libs/outbox/announcement.store.js';
import type { Terms } from '#libs/rating/price-book.js';
import { hourOf } from '#libs/time/instant.js';
import { monthOf } from '#libs/time/month.js';
import { excessEvent } from '../domain/announce.js';
import { countsInBuckets } from '../domain/bucket-uses.js';
import { isPrepaid } from '../domain/credit.js';
import { addedMoney, type ProjectRow } from '../domain/month-money.js';
import { countedTokens } from '../domain/reservation.js';
import { settleByEvent } from '../domain/settle.js';
import { mostFemto } from '../domain/usage-cost.js';
import { scopesOf, spendOf, type Standing, useBuckets, WHOLE } from '../domain/standing.js';
import { AdmissionBook } from './admission-book.js';
import type { KeptReservation, ReservationRow } from './kept-reservation.js';
import { writeBook } from './admission-write.js';
import { type ModelName, namesOf } from './model-names.js';
import { type BookStores, PageLoader } from './page-loader.js';
import type { Page } from './page.js';
import { reservationOf } from './reservation-text.js';
import { lockOrganizations } from './standing-rows.js';
import { keepRecentUse } from './recent-use.store.js';
import { evaluate, say } from './tell.js';

/** Applies events that were folded in this transaction just before; `terms` of the registered organizations among them. */
export async function admitUsage(
  tx: EntityManager,
  stores: BookStores,
  folded: {
    readonly events: readonly MeteredEvent[];
    readonly terms: ReadonlyMap<string, Terms>;
    readonly now: number;
  },
): Promise<void> {
  const { terms, now } = folded;
  const known = folded.events.filter(({ organization }) => terms.has(organization));
  if (known.length === 0) return;
  const active = await activeOrganizations(tx, known, terms, now);
  const events = known.filter(({ organization }) => active.has(organization));
  if (events.length === 0) return;
  await keepRecentUse(
    tx,
    events.filter(({ reservation }) => reservation === null),
  );
  const ids = events.flatMap(({ reservation }) => (reservation === null ? [] : [reservation]));
  const found = ids.length === 0 ? [] : await reservationsOf(tx, ids);
  const names = [...events.flatMap(namesIn), ...found.flatMap((row) => namesOf(row))];
  const loader = new PageLoader(stores);
  const book = new AdmissionBook(await loader.load(tx, names, now), now);
  const kept = new Map(found.map((row) => [row.id, reservationOf(row)]));
  for (const event of events) {
    const standing = book.standing(event.organization);
    if (standing) applyEvent(book, standing, event, kept);
  }
  for (const [organization, own] of Map.groupBy(events, (event) => event.organization))
    await addSpend({ tx, loader, book }, organization, own);
  evaluate(book, []);
  await writeBook(tx, book);
  await announce(tx, book.announcements);
}

async function reservationsOf(
  tx: EntityManager,
  ids: readonly string[],
): Promise<ReservationRow[]> {
  return rows(tx, 'SELECT * FROM reservation WHERE id = ANY($1)', [ids]);
}

// Locks all, so that nobody opens a standing beside usage that it cannot see yet; only those that have one are kept up.
async function activeOrganizations(
  tx: EntityManager,
  events: readonly MeteredEvent[],
  terms: ReadonlyMap<string, Terms>,
  now: number,
): Promise<ReadonlySet<string>> {
  const organizations = [...new Set(events.map(({ organization }) => organization))].toSorted();
  await lockOrganizations(tx, organizations);
  const opened = await rows<{ organization: string }>(
    tx,
    `SELECT organization FROM admission
     WHERE organization = ANY($1) AND project = '' AND mark <> ''`,
    [organizations],
  );
  const limited = organizations.filter((organization) => {
    const own = terms.get(organization) as Terms;
    return own.account.spendLimits.length > 0 || isPrepaid(own, now);
  });
  const active = new Set([...opened.map(({ organization }) => organization), ...limited]);
  // Pages of the others that are being made do not know of this usage yet.
  await rows(
    tx,
    `UPDATE admission SET version = version + 1 WHERE organization = ANY($1) AND project = ''`,
    [organizations.filter((organization) => !active.has(organization))],
  );
  return active;
}

function applyEvent(
  book: AdmissionBook,
  standing: Standing,
  event: MeteredEvent,
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
  const settled = settleByEvent(standing, reservation, {
    model: delta.model,
    used: delta.quantities,
    femto:
      costOf(standing, delta) ??
      mostFemto(standing.terms, reservation, delta.quantities, delta.at + 1),
    usedAt: delta.at,
    at: book.now,
  });
  book.put({ ...before, reservation: settled.reservation, source: event.source });
  if (settled.excess) {
    const origin = { source: event.source, event: event.id };
    say(book, excessEvent(settled.excess, origin, book.now));
  }
}

// A bucket that was seeded from the fold just now has the usage already.
function takeFromBuckets(book: AdmissionBook, standing: Standing, delta: UsageDelta): void {
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

async function addSpend(
  { tx, loader, book }: { tx: EntityManager; loader: PageLoader; book: AdmissionBook },
  organization: string,
  events: readonly MeteredEvent[],
): Promise<void> {
  const standing = book.standing(organization);
  if (!standing) return;
  const month = monthOf(book.now);
  const added = events
    .flatMap(({ deltas }) => deltas.flatMap(rowsOf))
    .filter(({ hour }) => month.from <= hour && hour < month.to);
  if (added.length === 0) return;
  const money = addedMoney(standing.terms, month, added);
  if (!money) {
    await loader.rateAgain(tx, book.pages.get(organization) as Page, book.now);
    return;
  }
  for (const [project, femto] of money)
    // What was rated when the book was opened has the usage already.
    if (book.spentBefore(organization, project) !== undefined)
      spendOf(standing, project).spentFemto += femto;
}

function costOf({ terms }: Standing, delta: UsageDelta): bigint | undefined {
  return addedMoney(terms, monthOf(delta.at), rowsOf(delta))?.get(WHOLE);
}

function rowsOf(delta: UsageDelta): ProjectRow[] {
  const { model, serviceTier, adapter, project, at, requests } = delta;
  const names = { hour: hourOf(at), model, serviceTier, adapter, project };
  const context = contextOf(delta.quantities);
  return countedQuantities(delta).map(([quantity, units]) => ({
    ...names,
    context,
    quantity,
    units: BigInt(units),
    events: BigInt(requests),
    digestA: 0n,
    digestB: 0n,
  }));
}

function namesIn({ organization, deltas }: MeteredEvent): ModelName[] {
  return deltas.flatMap(({ project, model }) => namesOf({ organization, project, model }));
}
