// What happens to an issued invoice: paid, credited, void. Every row is added and stays.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['invoice_payment', 'invoice_void', 'credit_note', 'credit_note_line'] as const;

/**
 * Money in minor units of the invoice's currency, instants in epoch ms; `…_by` is the id of a key. `due_minor` of a payment is what
 * it left to pay. `credit_note.document` is the very text that is served.
 */
export class CreateInvoiceLife1760000001800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE invoice_payment (
        id text PRIMARY KEY,
        invoice text NOT NULL REFERENCES invoice (number),
        amount_minor numeric(40,0) NOT NULL CHECK (amount_minor > 0),
        due_minor numeric(40,0) NOT NULL CHECK (due_minor >= 0),
        paid_at bigint NOT NULL,
        reference text NOT NULL,
        recorded_at bigint NOT NULL,
        recorded_by text NOT NULL,
        UNIQUE (invoice, reference)
      )`);
    await runner.query(`
      CREATE TABLE invoice_void (
        invoice text PRIMARY KEY REFERENCES invoice (number),
        reason text NOT NULL,
        voided_at bigint NOT NULL,
        voided_by text NOT NULL
      )`);
    await createCreditNotes(runner);
    for (const table of TABLES)
      await runner.query(`
        CREATE TRIGGER ${table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
          FOR EACH STATEMENT EXECUTE FUNCTION invoice_never_changes()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${TABLES.toReversed().join(', ')}`);
  }
}

/** Exports read the notes of a month. */
export class IndexCreditNotesByIssue1769000000131 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX credit_note_issued ON credit_note (issued_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX credit_note_issued');
  }
}

async function createCreditNotes(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE credit_note (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      number text NOT NULL UNIQUE,
      invoice text NOT NULL REFERENCES invoice (number),
      organization text NOT NULL,
      issued_at bigint NOT NULL,
      issued_by text NOT NULL,
      total_minor numeric(40,0) NOT NULL CHECK (total_minor > 0),
      document json NOT NULL
    )`);
  await runner.query('CREATE INDEX credit_note_of_invoice ON credit_note (invoice, id)');
  await runner.query('CREATE INDEX credit_note_of ON credit_note (organization, id)');
  await runner.query(`
    CREATE TABLE credit_note_line (
      number text NOT NULL REFERENCES credit_note (number),
      invoice text NOT NULL REFERENCES invoice (number),
      line int NOT NULL,
      amount_minor numeric(40,0) NOT NULL CHECK (amount_minor > 0),
      units numeric(38,0),
      PRIMARY KEY (number, line)
    )`);
  await runner.query('CREATE INDEX credit_note_line_of ON credit_note_line (invoice, line)');
}
