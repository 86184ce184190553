// Issued invoices. They are outside every replay: unlike the projections of this database they are the only copy of themselves.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `invoice.document` is json, not jsonb: the very text that is served. `invoice_line` is the same lines in exact sums, and the
 * ledger of what was billed for a month, on its own invoice or as an adjustment on a later one. Triggers refuse any change of
 * either but of the state. Instants are epoch ms, money is femto-units or minor units.
 */
export class CreateInvoices1760000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE invoice (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        number text NOT NULL UNIQUE,
        organization text NOT NULL,
        period_from bigint NOT NULL,
        period_to bigint NOT NULL,
        state text NOT NULL CHECK (state IN ('issued', 'paid', 'void')),
        currency text NOT NULL,
        issued_at bigint NOT NULL,
        due_at bigint NOT NULL,
        subtotal_femto numeric(60,0) NOT NULL,
        total_minor numeric(40,0) NOT NULL,
        document json NOT NULL,
        run text
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX invoice_of_month ON invoice (organization, period_from)
       WHERE state <> 'void'`,
    );
    await runner.query(`
      CREATE TABLE invoice_line (
        invoice bigint NOT NULL REFERENCES invoice (id),
        line int NOT NULL,
        kind text NOT NULL,
        organization text NOT NULL,
        bills_from bigint NOT NULL,
        span_from bigint NOT NULL,
        span_to bigint NOT NULL,
        model text,
        service_tier text,
        adapter text,
        quantity text,
        units numeric(38,0),
        femto_per_unit numeric(38,0),
        amount_femto numeric(60,0) NOT NULL,
        free_femto numeric(60,0),
        amount_minor numeric(40,0) NOT NULL,
        catalog_version text,
        override_id text,
        events bigint,
        digest_a numeric(20,0),
        digest_b numeric(20,0),
        PRIMARY KEY (invoice, line)
      )`);
    await runner.query(
      'CREATE INDEX invoice_line_bills ON invoice_line (organization, bills_from)',
    );
    await runner.query(`
      CREATE TABLE invoice_counter (
        legal_entity text NOT NULL,
        year int NOT NULL,
        last bigint NOT NULL,
        PRIMARY KEY (legal_entity, year)
      )`);
    // Grows with each invoice of the organization: who read another version than he finds has read too early.
    await runner.query(`
      CREATE TABLE billing_account (
        organization text PRIMARY KEY,
        version bigint NOT NULL
      )`);
    await refuseChanges(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE billing_account, invoice_counter, invoice_line, invoice');
    await runner.query('DROP FUNCTION invoice_is_immutable, invoice_never_changes');
  }
}

async function refuseChanges(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE FUNCTION invoice_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% of % is refused: an issued invoice never changes', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END $$`);
  // json has no equality: its text is compared, so that not even white space may change.
  await runner.query(`
    CREATE FUNCTION invoice_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.document::text IS DISTINCT FROM OLD.document::text
        OR to_jsonb(NEW) - 'state' - 'document' IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'document'
      THEN
        RAISE EXCEPTION 'UPDATE of invoice % is refused: an issued invoice never changes', OLD.number
          USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$`);
  await runner.query(`
    CREATE TRIGGER invoice_update BEFORE UPDATE ON invoice
      FOR EACH ROW EXECUTE FUNCTION invoice_is_immutable()`);
  for (const [table, events] of [
    ['invoice', 'DELETE OR TRUNCATE'],
    ['invoice_line', 'UPDATE OR DELETE OR TRUNCATE'],
  ])
    await runner.query(`
      CREATE TRIGGER ${table}_stays BEFORE ${events} ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION invoice_never_changes()`);
}
