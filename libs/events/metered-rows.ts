// The events of a metered batch as rows that name their source and their set of names by number: of two thousand events a few hundred
// sets are distinct, and as objects they were 450 bytes each, four fifths of them names.
import type { MeteredEvent, UsageDelta } from './metered-event.js';
import { NameGroups } from './name-groups.js';
import type { Quantities } from './quantities.js';

/** organization, model, project, API key, service tier, adapter, user. */
type Names = readonly [
  string,
  string,
  string | null,
  string | null,
  UsageDelta['serviceTier'],
  string | null,
  string | null,
];

/** offset, key, source, id, names, time, quantities, and the reservation where there is one. */
type Row = readonly [
  number,
  string,
  number,
  string,
  number,
  number,
  Quantities,
  (string | undefined)?,
];

export interface MeteredRows {
  readonly sources: readonly string[];
  readonly names: readonly Names[];
  /** Usage that was recorded; in offset order. */
  readonly rows: readonly Row[];
  /** Corrections, which have none or two deltas, as they are; in offset order. */
  readonly others: readonly MeteredEvent[];
}

/** Events in offset order as rows. */
export function toRows(events: readonly MeteredEvent[]): MeteredRows {
  const sources = new Map<string, number>();
  const names: Names[] = [];
  const groups = new NameGroups(
    (organization, { model, project, apiKey, serviceTier, adapter, user }) =>
      names.push([organization, model, project, apiKey, serviceTier, adapter, user]) - 1,
  );
  const rows: Row[] = [];
  const others: MeteredEvent[] = [];
  for (const event of events) {
    const [delta, more] = event.deltas;
    if (event.kind !== 'recorded' || !delta || more || delta.requests !== 1) {
      others.push(event);
      continue;
    }
    const { offset, key, source, id, organization, reservation } = event;
    const { at, quantities } = delta;
    const number = groups.of(organization, delta);
    const from = sources.get(source) ?? sources.size;
    sources.set(source, from);
    rows.push(
      reservation === null
        ? [offset, key, from, id, number, at, quantities]
        : [offset, key, from, id, number, at, quantities, reservation],
    );
  }
  return { sources: [...sources.keys()], names, rows, others };
}

/** What `toRows` was given. Throws a TypeError when a row names what is not there. */
export function fromRows({ sources, names, rows, others }: MeteredRows): MeteredEvent[] {
  const events = rows.map((row) => recorded(row, sources[row[2]], names[row[4]]));
  if (others.length === 0) return events;
  return [...events, ...others].toSorted((left, right) => left.offset - right.offset);
}

function recorded(row: Row, source: string | undefined, named: Names | undefined): MeteredEvent {
  const [offset, key, , id, , at, quantities, reservation] = row;
  if (source === undefined || named === undefined)
    throw new TypeError(`metered event ${offset} without its source or names`);
  const [organization, model, project, apiKey, serviceTier, adapter, user] = named;
  const delta: UsageDelta = {
    at,
    model,
    project,
    apiKey,
    serviceTier,
    adapter,
    user,
    requests: 1,
    quantities,
  };
  return {
    offset,
    key,
    kind: 'recorded',
    source,
    id,
    organization,
    reservation: reservation ?? null,
    deltas: [delta],
  };
}
