// All that a page is made from, read in one statement: it sees one state.
import type { EntityManager } from 'typeorm';
import { preparedRows } from '#libs/database/database.js';
import type { AdmissionRow, BucketRow } from './admission-rows.js';
import type { ReservationRow } from './kept-reservation.js';
import type { ModelName } from './model-names.js';

export interface StandingRows {
  readonly generation: string;
  /** The newest catalog fact. */
  readonly catalogs: string;
  readonly accounts: readonly { readonly id: string; readonly fact_id: string }[];
  readonly admissions: readonly AdmissionRow[];
  readonly buckets: readonly BucketRow[];
}

/** What is asked for, column by column: organizations; (organization, project); (…, model). */
export interface StandingQuestion {
  readonly organizations: readonly string[];
  readonly scopes: readonly (readonly [organization: string, project: string])[];
  readonly models: readonly ModelName[];
}

/** Numbers beyond 2^53 come as text. */
export async function readStandings(
  tx: EntityManager,
  { organizations, scopes, models }: StandingQuestion,
): Promise<StandingRows> {
  const [found] = await preparedRows<StandingRows>(tx, READ, [
    organizations,
    column(scopes, 0),
    column(scopes, 1),
    models.map(({ organization }) => organization),
    models.map(({ project }) => project),
    models.map(({ model }) => model),
  ]);
  if (!found) throw new Error('quota has no row in fold_generation');
  return found;
}

const EMPTY = `'[]'::json`;

function column(table: readonly (readonly string[])[], index: number): string[] {
  return table.map((row) => row[index] as string);
}

// Row by row through the unique keys: the tables grow by the second, and a join planned for yesterday's sizes would scan them.
const READ = {
  name: 'quota_read_standings',
  text: `SELECT generation,
  (SELECT coalesce(max(fact_id), 0)::text FROM catalog_version) AS catalogs,
  (SELECT coalesce(json_agg(json_build_object('id', id, 'fact_id', fact_id::text)), ${EMPTY})
     FROM account WHERE id = ANY($1::text[])) AS accounts,
  (SELECT coalesce(json_agg(json_build_object(
       'organization', kept.organization, 'project', kept.project, 'version', version::text,
       'month', month::text,
       'spent', spent::text, 'mark', mark, 'held', held::text, 'unconfirmed', unconfirmed::text,
       'credit', credit::text, 'next_expiry', next_expiry::text, 'blocked', blocked)), ${EMPTY})
     FROM unnest($2::text[], $3::text[]) AS asked (organization, project)
     CROSS JOIN LATERAL (SELECT a.* FROM admission a WHERE a.organization = asked.organization
       AND a.project = asked.project LIMIT 1) AS kept) AS admissions,
  (SELECT coalesce(json_agg(json_build_object(
       'organization', kept.organization, 'project', kept.project, 'model', kept.model,
       'buckets', buckets, 'excess_until', excess_until::text,
       'generation', kept.generation)), ${EMPTY})
     FROM unnest($4::text[], $5::text[], $6::text[]) AS asked (organization, project, model)
     CROSS JOIN LATERAL (SELECT b.* FROM admission_bucket b
       WHERE b.organization = asked.organization AND b.project = asked.project
         AND b.model = asked.model LIMIT 1) AS kept) AS buckets
  FROM fold_generation`,
};

/** Living reservations under these names: (organization, request id). */
export async function readLiving(
  tx: EntityManager,
  names: readonly (readonly [organization: string, requestId: string])[],
): Promise<ReservationRow[]> {
  return preparedRows(tx, LIVING, [column(names, 0), column(names, 1)]);
}

const LIVING = {
  name: 'quota_read_living',
  text: `SELECT kept.* FROM unnest($1::text[], $2::text[]) AS asked (organization, request_id)
    CROSS JOIN LATERAL (SELECT r.* FROM reservation r WHERE r.state = 'held'
      AND (r.organization || ' ' || r.request_id) = (asked.organization || ' ' || asked.request_id)
      LIMIT 1) AS kept`,
};

/** Makes the rows that are missing, so that they can be locked and compared. */
export async function makeRows(
  view: EntityManager,
  organizations: readonly string[],
): Promise<void> {
  await view.query(
    `INSERT INTO admission (organization, project)
     SELECT id, '' FROM unnest($1::text[]) AS wanted (id) ORDER BY id ON CONFLICT DO NOTHING`,
    [organizations],
  );
}

/** Locks the organizations, in order: two units of work never wait in a circle. Makes the rows that are missing. */
export async function lockOrganizations(
  tx: EntityManager,
  organizations: readonly string[],
): Promise<void> {
  const found = await preparedRows(tx, LOCK, [organizations]);
  if (found.length === organizations.length) return;
  await makeRows(tx, organizations);
  await preparedRows(tx, LOCK, [organizations]);
}

const LOCK = {
  name: 'quota_lock_organizations',
  text: `SELECT organization FROM admission
  WHERE organization = ANY($1) AND project = '' ORDER BY organization FOR UPDATE`,
};
