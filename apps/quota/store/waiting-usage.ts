// The rows of usage that waits for its organizations' standings.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { MeteredEvent, UsageDelta } from '#libs/events/metered-event.js';
import type { ReservationRow } from './kept-reservation.js';
import { type ModelName, namesOf } from './model-names.js';

/** What standings need to know of an event. */
export type UsageEvent = Pick<
  MeteredEvent,
  'kind' | 'source' | 'id' | 'organization' | 'reservation'
> & { readonly deltas: readonly UsedDelta[] };

export type UsedDelta = Omit<UsageDelta, 'apiKey' | 'user'>;

/** Events of one organization, as they wait together. */
export interface WaitingUsage {
  readonly id: string;
  readonly organization: string;
  readonly events: readonly UsageEvent[];
}

interface Row {
  readonly id: string;
  readonly organization: string;
  readonly events: string;
}

type Text = readonly [
  kind: UsageEvent['kind'],
  source: string,
  id: string,
  reservation: string | null,
  deltas: readonly UsedDelta[],
];

/** Events of one row at most: what one unit of work takes of an organization. */
const EVENTS_IN_A_ROW = 50;

/** Lets events wait, in the transaction that folds them; they are of one partition. */
export async function letWait(
  tx: EntityManager,
  partition: number,
  events: readonly UsageEvent[],
): Promise<void> {
  const organizations: string[] = [];
  const texts: string[] = [];
  for (const [organization, own] of Map.groupBy(events, (event) => event.organization))
    for (let at = 0; at < own.length; at += EVENTS_IN_A_ROW) {
      organizations.push(organization);
      texts.push(JSON.stringify(own.slice(at, at + EVENTS_IN_A_ROW).map(textOf)));
    }
  if (organizations.length === 0) return;
  await tx.query(
    `INSERT INTO usage_inbox (partition, organization, events)
     SELECT $1, u.organization, u.events FROM unnest($2::text[], $3::text[])
       AS u (organization, events)`,
    [partition, organizations, texts],
  );
}

/** The first rows of a partition. */
export async function waitingOfPartition(
  view: EntityManager,
  partition: number,
  limit: number,
): Promise<WaitingUsage[]> {
  const found = await rows<Row>(
    view,
    `SELECT id, organization, events FROM usage_inbox WHERE partition = $1 ORDER BY id LIMIT $2`,
    [partition, limit],
  );
  return found.map(usageOf);
}

/** All that waits of these organizations. */
export async function waitingOf(
  view: EntityManager,
  organizations: readonly string[],
): Promise<WaitingUsage[]> {
  const found = await rows<Row>(
    view,
    'SELECT id, organization, events FROM usage_inbox WHERE organization = ANY($1) ORDER BY id',
    [organizations],
  );
  return found.map(usageOf);
}

/** The reservations that waiting usage names. */
export function namedBy(waiting: readonly WaitingUsage[]): string[] {
  return waiting.flatMap(({ events }) =>
    events.flatMap(({ reservation }) => (reservation === null ? [] : [reservation])),
  );
}

/** The names of what those reservations count in. */
export async function namesOfReservations(
  view: DataSource | EntityManager,
  waiting: readonly WaitingUsage[],
): Promise<ModelName[]> {
  const ids = namedBy(waiting);
  if (ids.length === 0) return [];
  const found = await rows<ReservationRow>(
    view,
    'SELECT organization, project, model FROM reservation WHERE id = ANY($1)',
    [ids],
  );
  return found.flatMap(namesOf);
}

function textOf({ kind, source, id, reservation, deltas }: UsageEvent): Text {
  const used = deltas.map(({ at, model, project, serviceTier, adapter, requests, quantities }) => ({
    at,
    model,
    project,
    serviceTier,
    adapter,
    requests,
    quantities,
  }));
  return [kind, source, id, reservation, used];
}

function usageOf({ id, organization, events }: Row): WaitingUsage {
  const texts = JSON.parse(events) as Text[];
  return {
    id,
    organization,
    events: texts.map(([kind, source, event, reservation, deltas]) => ({
      kind,
      source,
      id: event,
      organization,
      reservation,
      deltas,
    })),
  };
}
