// Drafts that a person must look at before they are issued, and who let which of them go.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row per set of figures; `fingerprint` is of the document without its cut. Instants are epoch ms, money minor units. */
export class CreateParkedInvoices1760000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE parked_invoice (
        id text PRIMARY KEY,
        organization text NOT NULL,
        period_from bigint NOT NULL,
        reason text NOT NULL,
        detail text NOT NULL,
        fingerprint text NOT NULL,
        document json NOT NULL,
        parked_at bigint NOT NULL,
        is_superseded boolean NOT NULL DEFAULT false,
        released_at bigint,
        released_by text,
        release_reason text,
        UNIQUE (organization, period_from, reason, fingerprint)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE parked_invoice');
  }
}
