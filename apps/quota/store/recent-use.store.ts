// Writes and forgets the recent usage that explains refusals.
import type { DataSource, EntityManager } from 'typeorm';
import { changed } from '#libs/database/database.js';
import type { MeteredEvent } from '#libs/events/metered-batch.js';
import { countsInBuckets } from '../domain/bucket-uses.js';
import { countedTokens } from '../domain/reservation.js';

/** Kept per organization, model and slice: an explanation names the largest, not all. */
const LARGEST = 20;

interface Use {
  readonly organization: string;
  readonly model: string;
  readonly at: number;
  readonly event: string;
  readonly tokens: bigint;
}

/** Keeps the largest of these events, which named no reservation, of organizations that were asked about before. */
export async function keepRecentUse(
  tx: EntityManager,
  events: readonly MeteredEvent[],
): Promise<void> {
  const uses = events.flatMap(({ organization, source, id, deltas }) =>
    deltas
      .filter(({ serviceTier, requests }) => countsInBuckets(serviceTier) && requests > 0)
      .map(({ model, at, quantities }): Use => {
        const tokens = countedTokens(quantities);
        return { organization, model, at, event: `${source} ${id}`, tokens };
      }),
  );
  const largest = [
    ...Map.groupBy(uses, (use) => `${use.organization}\0${use.model}`).values(),
  ].flatMap((own) =>
    own.toSorted((one, other) => Number(other.tokens - one.tokens)).slice(0, LARGEST),
  );
  if (largest.length === 0) return;
  await tx.query(
    `INSERT INTO recent_use
     SELECT u.* FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::numeric[])
       AS u (organization, model, at, event, tokens)
     WHERE (SELECT a.mark FROM admission a WHERE a.organization = u.organization
       AND a.project = '') <> ''`,
    [
      largest.map(({ organization }) => organization),
      largest.map(({ model }) => model),
      largest.map(({ at }) => at),
      largest.map(({ event }) => event),
      largest.map(({ tokens }) => tokens.toString()),
    ],
  );
}

/** Forgets usage, refusals and ended reservations from before an instant; how many rows of each kind at most. */
export async function forgetBefore(source: DataSource, before: BeforeInstants): Promise<number> {
  const uses = await changed(source, someOf('recent_use', 'at < $1'), [before.use]);
  const refusals = await changed(source, someOf('decision', 'at < $1'), [before.decision]);
  const gone = await changed(source, someOf('reservation', `state <> 'held' AND made_at < $1`), [
    before.reservation,
  ]);
  return uses + refusals + gone;
}

export interface BeforeInstants {
  readonly use: number;
  readonly decision: number;
  readonly reservation: number;
}

function someOf(table: string, condition: string): string {
  return `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM ${table} WHERE ${condition} LIMIT 10000))`;
}
