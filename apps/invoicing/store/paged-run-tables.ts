// What billing runs keep since they work on pages of organizations, and the chain of hashes over issued documents.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `cursor`: the last organization of the last page that is done; `is_paged`: there is no further page, what is left is in
 * `billing_run_organization`. `issued` and `already_issued` count organizations that have no row there.
 */
export class AddRunPages1769000000110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing_run
        ADD COLUMN total bigint,
        ADD COLUMN cursor text,
        ADD COLUMN is_paged boolean NOT NULL DEFAULT false,
        ADD COLUMN issued bigint NOT NULL DEFAULT 0,
        ADD COLUMN already_issued bigint NOT NULL DEFAULT 0`);
    await runner.query(`
      UPDATE billing_run SET is_paged = true, total =
        (SELECT count(*) FROM billing_run_organization WHERE run = id)
      WHERE planned_at IS NOT NULL`);
    await runner.query(
      `CREATE INDEX billing_run_pending ON billing_run_organization (run, organization)
       WHERE state = 'pending'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX billing_run_pending');
    await runner.query(`
      ALTER TABLE billing_run DROP COLUMN total, DROP COLUMN cursor, DROP COLUMN is_paged,
        DROP COLUMN issued, DROP COLUMN already_issued`);
  }
}
