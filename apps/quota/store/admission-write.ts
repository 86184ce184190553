// Writes what a unit of work changed, in one statement: of those organizations alone that still are what their pages were made from.
// It locks, compares, writes and commits by itself, so that a batch of checks is one round trip.
import type { EntityManager } from 'typeorm';
import { preparedRows } from '#libs/database/database.js';
import { spendOf, WHOLE } from '../domain/standing.js';
import type { AdmissionBook } from './admission-book.js';
import { bucketsText, reservationRow } from './admission-rows.js';
import { packBig } from './big-json.js';
import { changesOf, type KeptMoney, moneyRow, type Page, type WrittenPage } from './page.js';
import { type Part, statementOf } from './write-statement.js';

/** What was written of each organization; of those that are absent nothing was: they must be decided again. */
export type Written = ReadonlyMap<string, WrittenPage>;

/** Compares and writes all pages of the book with their reservations and decisions; announcements are the caller's. */
export async function writeBook(view: EntityManager, book: AdmissionBook): Promise<Written> {
  const changes = changesIn(book);
  if (changes.size === 0) return changes;
  const parts = [
    ...moneyParts(book, changes),
    bucketPart(book, changes),
    reservationPart(book),
    decisionPart(book),
    takenPart(book),
  ].filter(({ columns }) => (columns[0]?.length ?? 0) > 0);
  const { statement, parameters } = statementOf(wantedOf(book), parts);
  const failed = await preparedRows<{ organization: string }>(view, statement, parameters);
  for (const { organization } of failed) changes.delete(organization);
  return changes;
}

function changesIn({ pages, reservations, taken }: AdmissionBook): Map<string, WrittenPage> {
  const booked = new Set(taken.map(({ organization }) => organization));
  for (const { reservation } of reservations.values()) booked.add(reservation.request.organization);
  const changes = new Map<string, WrittenPage>();
  for (const [organization, page] of pages) {
    const found = changesOf(page);
    const isChanged = found.money.length > 0 || found.buckets.length > 0;
    changes.set(organization, { ...found, isTouched: isChanged || booked.has(organization) });
  }
  return changes;
}

function wantedOf({ pages }: AdmissionBook): unknown[][] {
  const all = [...pages.values()];
  return [
    all.map(({ standing }) => standing.organization),
    all.map(({ version }) => version),
    all.map(({ facts }) => facts.factId),
    all.map(({ facts }) => facts.catalogs),
    all.map(({ facts }) => facts.generation),
  ];
}

// The row of a touched organization is written whatever changed: its version tells. Most checks change what is counted alone.
function moneyParts({ pages }: AdmissionBook, changes: Written): Part[] {
  const counted: [string, string, KeptMoney][] = [];
  const whole: [string, string, KeptMoney][] = [];
  const projects: [string, string, KeptMoney][] = [];
  for (const [organization, { money, isTouched }] of changes) {
    if (!isTouched) continue;
    const page = pages.get(organization) as Page;
    const row = moneyRow(page, WHOLE, spendOf(page.standing, WHOLE));
    const list = isCountedAlone(page.money.get(WHOLE), row) ? counted : whole;
    list.push([organization, WHOLE, row]);
    for (const [project, own] of money)
      if (project !== WHOLE) projects.push([organization, project, own]);
  }
  return [
    { name: 'counted', columns: countedColumns(counted) },
    { name: 'whole', columns: moneyColumns(whole) },
    { name: 'projects', columns: moneyColumns(projects) },
  ];
}

function isCountedAlone(before: KeptMoney | undefined, now: KeptMoney): boolean {
  return (
    before !== undefined &&
    before.month === now.month &&
    before.mark === now.mark &&
    before.credit === now.credit &&
    before.blocked === now.blocked
  );
}

function countedColumns(found: readonly (readonly [string, string, KeptMoney])[]): unknown[][] {
  return [
    found.map(([organization]) => organization),
    found.map(([, , { spent }]) => spent.toString()),
    found.map(([, , { held }]) => held.toString()),
    found.map(([, , { unconfirmed }]) => unconfirmed.toString()),
    found.map(([, , { nextExpiry }]) => nextExpiry),
  ];
}

function moneyColumns(found: readonly (readonly [string, string, KeptMoney])[]): unknown[][] {
  const rows = found.map(([, , row]) => row);
  return [
    found.map(([organization]) => organization),
    found.map(([, project]) => project),
    rows.map(({ month }) => month),
    rows.map(({ spent }) => spent.toString()),
    rows.map(({ mark }) => mark),
    rows.map(({ held }) => held.toString()),
    rows.map(({ unconfirmed }) => unconfirmed.toString()),
    rows.map(({ credit }) => credit?.toString() ?? null),
    rows.map(({ nextExpiry }) => nextExpiry),
    rows.map(({ blocked }) => blocked),
  ];
}

function bucketPart({ pages }: AdmissionBook, changes: Written): Part {
  const found = [...changes].flatMap(([organization, { buckets }]) =>
    buckets.map(([key, model]) => ({ organization, names: key.split('\0'), model })),
  );
  return {
    name: 'filled',
    columns: [
      found.map(({ organization }) => organization),
      found.map(({ names }) => names[0]),
      found.map(({ names }) => names[1]),
      found.map(({ model }) => bucketsText(model.buckets)),
      found.map(({ model }) => model.excessUntil),
      found.map(({ organization }) => pages.get(organization)?.facts.generation),
    ],
  };
}

function reservationPart({ reservations }: AdmissionBook): Part {
  const found = [...reservations.values()].map(reservationRow);
  return {
    name: 'held',
    columns: [
      found.map(({ organization }) => organization),
      found.map(({ id }) => id),
      found.map((row) => row.request_id),
      found.map(({ state }) => state),
      found.map(({ model }) => model),
      found.map(({ project }) => project),
      found.map((row) => row.made_at),
      found.map((row) => row.expires_at),
      found.map((row) => row.ended_at),
      found.map(({ body }) => body),
    ],
  };
}

function decisionPart({ decisions }: AdmissionBook): Part {
  return {
    name: 'noted',
    columns: [
      decisions.map(({ organization }) => organization),
      decisions.map(({ id }) => id),
      decisions.map(({ at }) => at),
      decisions.map((decision) => JSON.stringify(packBig(decision))),
    ],
  };
}

function takenPart({ taken }: AdmissionBook): Part {
  return {
    name: 'taken',
    columns: [taken.map(({ organization }) => organization), taken.map(({ id }) => id)],
  };
}
