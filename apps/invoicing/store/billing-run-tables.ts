// Billing runs: one row each, and one per organization, so that a run goes on where a killed process left it.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `requested` null: every organization. `evidence` null: not taken yet; `planned_at` null: the evidence was not reached yet. */
export class CreateBillingRuns1760000000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE billing_run (
        id text PRIMARY KEY,
        period_from bigint NOT NULL,
        period_to bigint NOT NULL,
        requested text[],
        state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
        evidence jsonb,
        requested_by text NOT NULL,
        created_at bigint NOT NULL,
        planned_at bigint,
        finished_at bigint
      )`);
    await runner.query(
      `CREATE INDEX billing_run_running ON billing_run (created_at, id) WHERE state = 'running'`,
    );
    await runner.query(`
      CREATE TABLE billing_run_organization (
        run text NOT NULL REFERENCES billing_run (id),
        organization text NOT NULL,
        state text NOT NULL CHECK (state IN
          ('pending', 'issued', 'already_issued', 'empty', 'parked', 'blocked')),
        reason text,
        detail text,
        number text,
        PRIMARY KEY (run, organization)
      )`);
    await runner.query(
      `CREATE INDEX billing_run_empty ON billing_run_organization (organization)
       WHERE state = 'empty'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE billing_run_organization, billing_run');
  }
}
