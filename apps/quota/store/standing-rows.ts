// All that a unit of work needs to know of its organizations, read in one statement after they are locked.
import type { EntityManager } from 'typeorm';
import { preparedRows } from '#libs/database/database.js';
import type { AdmissionRow, BucketRow } from './admission-rows.js';

export interface StandingRows {
  readonly generation: string;
  /** The newest catalog fact. */
  readonly catalogs: string;
  readonly accounts: readonly { readonly id: string; readonly fact_id: string }[];
  readonly admissions: readonly AdmissionRow[];
  readonly buckets: readonly BucketRow[];
  /** Bodies of living reservations with the names that are asked for. */
  readonly held: readonly unknown[];
}

/** What is asked for, column by column: organizations; (organization, project); (…, model); (organization, request id). */
export interface StandingQuestion {
  readonly organizations: readonly string[];
  readonly scopes: readonly (readonly [organization: string, project: string])[];
  readonly models: readonly (readonly [organization: string, project: string, model: string])[];
  readonly requests: readonly (readonly [organization: string, requestId: string])[];
}

/** Numbers beyond 2^53 come as text. */
export async function readStandings(
  tx: EntityManager,
  { organizations, scopes, models, requests }: StandingQuestion,
): Promise<StandingRows> {
  const [found] = await preparedRows<StandingRows>(tx, READ, [
    organizations,
    column(scopes, 0),
    column(scopes, 1),
    column(models, 0),
    column(models, 1),
    column(models, 2),
    column(requests, 0),
    column(requests, 1),
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
       'organization', kept.organization, 'project', kept.project, 'month', month::text,
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
         AND b.model = asked.model LIMIT 1) AS kept) AS buckets,
  (SELECT coalesce(json_agg(body), ${EMPTY})
     FROM unnest($7::text[], $8::text[]) AS asked (organization, request_id)
     CROSS JOIN LATERAL (SELECT body FROM reservation r WHERE r.state = 'held'
       AND (r.organization || ' ' || r.request_id) = (asked.organization || ' ' || asked.request_id)
       LIMIT 1) AS kept) AS held
  FROM fold_generation`,
};
