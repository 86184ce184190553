// Billing runs and what became of each organization in them.
import type { DataSource } from 'typeorm';
import { changed, rows } from '#libs/database/database.js';
import type { Period } from '#libs/time/month.js';
import type { Cut } from '../domain/invoice.js';
import type { IssueOutcome } from './issuing.js';
import { planRun } from './run-plan.js';

export interface BillingRun {
  readonly id: string;
  readonly period: Period;
  /** null: every organization. */
  readonly requested: readonly string[] | null;
  readonly state: 'running' | 'done' | 'failed';
  readonly evidence: Cut | null;
  readonly createdAt: number;
  readonly plannedAt: number | null;
  readonly finishedAt: number | null;
  /** Organizations that it is about, as counted when it was planned; null before. */
  readonly total: number | null;
  /** The last organization of the last page that is done; null: none is. */
  readonly cursor: string | null;
  /** There is no further page: what is left is `pending`, one by one. */
  readonly isPaged: boolean;
}

/** An organization that was not issued, and why. */
export interface NotIssued {
  readonly organization: string;
  readonly state: 'parked' | 'blocked';
  readonly reason: string;
  readonly detail: string;
}

export type RunOrganizationState =
  'pending' | 'issued' | 'already_issued' | 'empty' | 'parked' | 'blocked';

export interface RunSummary {
  readonly counts: Readonly<Record<RunOrganizationState, number>>;
  readonly notIssued: readonly NotIssued[];
}

interface RunRow {
  id: string;
  period_from: string;
  period_to: string;
  requested: string[] | null;
  state: BillingRun['state'];
  evidence: Cut | null;
  created_at: string;
  planned_at: string | null;
  finished_at: string | null;
  total: string | null;
  cursor: string | null;
  is_paged: boolean;
}

const NONE = { pending: 0, issued: 0, already_issued: 0, empty: 0, parked: 0, blocked: 0 };

export class BillingRunStore {
  constructor(private readonly source: DataSource) {}

  /** A new run; `requested` null is every organization. */
  async create(
    run: Pick<BillingRun, 'id' | 'period' | 'requested' | 'createdAt'>,
    requestedBy: string,
  ): Promise<void> {
    await this.source.query(
      `INSERT INTO billing_run (id, period_from, period_to, requested, state, requested_by,
         created_at)
       VALUES ($1, $2, $3, $4, 'running', $5, $6)`,
      [run.id, run.period.from, run.period.to, run.requested, requestedBy, run.createdAt],
    );
  }

  async find(id: string): Promise<BillingRun | undefined> {
    const [row] = await rows<RunRow>(this.source, 'SELECT * FROM billing_run WHERE id = $1', [id]);
    return row && toRun(row);
  }

  /** Runs that are not done, the oldest first: what a process that starts goes on with. */
  async running(): Promise<BillingRun[]> {
    const found = await rows<RunRow>(
      this.source,
      `SELECT * FROM billing_run WHERE state = 'running' ORDER BY created_at, id`,
    );
    return found.map(toRun);
  }

  /** Notes the evidence unless it was taken already; gives what holds. */
  async noteEvidence(id: string, evidence: Cut): Promise<Cut> {
    await changed(
      this.source,
      'UPDATE billing_run SET evidence = $2 WHERE id = $1 AND evidence IS NULL',
      [id, JSON.stringify(evidence)],
    );
    return (await this.find(id))?.evidence ?? evidence;
  }

  /** Counts whom the run is about; once (run-plan.ts). */
  async plan(run: BillingRun, at: number): Promise<void> {
    await this.source.transaction(async (tx) => planRun(tx, run, at));
  }

  /** Organizations that the run has not looked at yet, in order. */
  async pending(id: string): Promise<string[]> {
    const found = await rows<{ organization: string }>(
      this.source,
      `SELECT organization FROM billing_run_organization WHERE run = $1 AND state = 'pending'
       ORDER BY organization COLLATE "C"`,
      [id],
    );
    return found.map(({ organization }) => organization);
  }

  /** Writes what became of one organization; the first word stays. */
  async mark(id: string, organization: string, outcome: IssueOutcome): Promise<void> {
    await changed(
      this.source,
      `UPDATE billing_run_organization SET state = $3, reason = $4, detail = $5, number = $6
       WHERE run = $1 AND organization = $2 AND state = 'pending'`,
      [
        id,
        organization,
        outcome.state,
        'reason' in outcome ? outcome.reason : null,
        'detail' in outcome ? outcome.detail : null,
        'number' in outcome ? outcome.number : null,
      ],
    );
  }

  /** Done, once nothing is pending. */
  async finish(id: string, at: number): Promise<void> {
    await changed(
      this.source,
      `UPDATE billing_run SET state = 'done', finished_at = $2
       WHERE id = $1 AND state = 'running' AND is_paged AND NOT EXISTS (
         SELECT 1 FROM billing_run_organization WHERE run = $1 AND state = 'pending')`,
      [id, at],
    );
  }

  /** How far the run is, and whom it did not issue. */
  async summary(id: string): Promise<RunSummary> {
    const counts = await rows<{ state: RunOrganizationState; count: string }>(
      this.source,
      `SELECT state, sum(count) AS count FROM (
         SELECT state, count(*) FROM billing_run_organization WHERE run = $1 GROUP BY state
         UNION ALL SELECT 'issued', issued FROM billing_run WHERE id = $1
         UNION ALL SELECT 'already_issued', already_issued FROM billing_run WHERE id = $1
       ) AS one GROUP BY state`,
      [id],
    );
    const notIssued = await rows<NotIssued>(
      this.source,
      `SELECT organization, state, reason, detail FROM billing_run_organization
       WHERE run = $1 AND state IN ('parked', 'blocked') ORDER BY organization COLLATE "C"`,
      [id],
    );
    const read = counts.map(({ state, count }) => [state, Number(count)] as const);
    return { counts: { ...NONE, ...Object.fromEntries(read) }, notIssued };
  }
}

function toRun(row: RunRow): BillingRun {
  return {
    id: row.id,
    period: { from: Number(row.period_from), to: Number(row.period_to) },
    requested: row.requested,
    state: row.state,
    evidence: row.evidence,
    createdAt: Number(row.created_at),
    plannedAt: row.planned_at === null ? null : Number(row.planned_at),
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
    total: row.total === null ? null : Number(row.total),
    cursor: row.cursor,
    isPaged: row.is_paged,
  };
}
