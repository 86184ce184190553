// What-if questions and their answers. They touch nothing else and can be dropped at any time.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `requested` null: every organization; `planned_at` null: not yet known whom. Money is femto-units, instants epoch ms. */
export class CreateSimulations1760000001400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE simulation (
        seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        id text PRIMARY KEY,
        period_from bigint NOT NULL,
        period_to bigint NOT NULL,
        requested text[],
        catalog_version text NOT NULL,
        currency text NOT NULL,
        document text NOT NULL,
        media_type text NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'done')),
        requested_by text NOT NULL,
        created_at bigint NOT NULL,
        planned_at bigint,
        finished_at bigint
      )`);
    await runner.query(
      `CREATE INDEX simulation_running ON simulation (seq) WHERE state = 'running'`,
    );
    await runner.query(`
      CREATE TABLE simulation_organization (
        simulation text NOT NULL REFERENCES simulation (id),
        organization text NOT NULL,
        outcome text NOT NULL CHECK (outcome IN
          ('pending', 'winner', 'loser', 'unchanged', 'incomplete', 'skipped')),
        before_femto numeric(60,0),
        after_femto numeric(60,0),
        missing text[],
        reason text,
        PRIMARY KEY (simulation, organization)
      )`);
    await runner.query(
      `CREATE INDEX simulation_pending ON simulation_organization (simulation, organization)
       WHERE outcome = 'pending'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE simulation_organization, simulation');
  }
}
