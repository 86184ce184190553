// The chain of hashes over the issued documents of a legal entity, invoices and credit notes alike, in the order of their issue.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `hash` is the SHA-256 of the hash before it, the number and the document's text (domain/document-chain.ts); `document_chain` holds the
 * end of each chain. Documents are text, up to 8 kB inside their row and not compressed: they are written once and read whole
 * (pglz takes 30 µs a document). Lines need no foreign key: one writer adds both in one transaction, and neither is ever removed.
 */
export class AddDocumentChain1769000000111 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The tables are written anew, and every document is hashed by one statement: the 8 s of a connection end that at some size.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`
      CREATE TABLE document_chain (
        legal_entity text PRIMARY KEY,
        length bigint NOT NULL,
        head bytea NOT NULL
      )`);
    await runner.query('ALTER TABLE invoice_line DROP CONSTRAINT invoice_line_invoice_fkey');
    for (const table of ['invoice', 'credit_note']) {
      await runner.query(`
        ALTER TABLE ${table} ALTER COLUMN document TYPE text,
          ADD COLUMN legal_entity text,
          ADD COLUMN chain_position bigint,
          ADD COLUMN previous_hash bytea,
          ADD COLUMN hash bytea`);
      await runner.query(`ALTER TABLE ${table} SET (toast_tuple_target = 8160)`);
      await runner.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    }
    await runner.query(CHAIN_WHAT_IS_THERE);
    for (const table of ['invoice', 'credit_note']) {
      await runner.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
      await runner.query(`
        ALTER TABLE ${table} ALTER COLUMN legal_entity SET NOT NULL,
          ALTER COLUMN chain_position SET NOT NULL,
          ALTER COLUMN previous_hash SET NOT NULL,
          ALTER COLUMN hash SET NOT NULL`);
      // Positions grow with the table: a few bytes find a place in it, and adding a row costs nothing.
      await runner.query(
        `CREATE INDEX ${table}_chain ON ${table} USING brin (chain_position) WITH (autosummarize)`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['invoice', 'credit_note'])
      await runner.query(`
        ALTER TABLE ${table} DROP COLUMN legal_entity, DROP COLUMN chain_position,
          DROP COLUMN previous_hash, DROP COLUMN hash, ALTER COLUMN document TYPE json
          USING document::json`);
    await runner.query(
      'ALTER TABLE invoice_line ADD FOREIGN KEY (invoice) REFERENCES invoice (id)',
    );
    await runner.query('DROP TABLE document_chain');
  }
}

// Documents that were issued before there was a chain, in the order of their issue; a note's entity is its invoice's.
const CHAIN_WHAT_IS_THERE = `
  DO $$
  DECLARE one record; entity text; before bytea; place bigint; own bytea;
  BEGIN
    FOR one IN
      SELECT 'invoice' AS kind, id, number, document, issued_at, 0 AS later,
        substring(number FROM '^(.*)-[0-9]+-[0-9]+$') AS entity FROM invoice
      UNION ALL
      SELECT 'credit_note', id, number, document, issued_at, 1,
        substring(invoice FROM '^(.*)-[0-9]+-[0-9]+$') FROM credit_note
      ORDER BY issued_at, later, id
    LOOP
      entity := coalesce(one.entity, '');
      SELECT length, head INTO place, before FROM document_chain WHERE legal_entity = entity;
      IF NOT FOUND THEN place := 0; before := decode(repeat('00', 32), 'hex'); END IF;
      own := sha256(convert_to(
        encode(before, 'hex') || E'\\n' || one.number || E'\\n' || one.document, 'UTF8'));
      EXECUTE format('UPDATE %I SET legal_entity = $1, chain_position = $2, previous_hash = $3,
        hash = $4 WHERE id = $5', one.kind) USING entity, place + 1, before, own, one.id;
      INSERT INTO document_chain VALUES (entity, place + 1, own)
      ON CONFLICT (legal_entity) DO UPDATE SET length = excluded.length, head = excluded.head;
    END LOOP;
  END $$`;
