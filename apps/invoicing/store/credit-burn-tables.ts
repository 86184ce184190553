// What issued invoices took of prepaid credits.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows are added with their invoice and stay; those of an invoice that is void no longer count. Minor units of its currency. */
export class CreateCreditBurns1769000000120 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE credit_burn (
        invoice text NOT NULL REFERENCES invoice (number),
        credit text NOT NULL,
        organization text NOT NULL,
        amount_minor numeric(40,0) NOT NULL CHECK (amount_minor > 0),
        PRIMARY KEY (invoice, credit)
      )`);
    await runner.query('CREATE INDEX credit_burn_of ON credit_burn (organization)');
    await runner.query(`
      CREATE TRIGGER credit_burn_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_burn
        FOR EACH STATEMENT EXECUTE FUNCTION invoice_never_changes()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE credit_burn');
  }
}
