// Published price lists of other providers, loaded by an operator. Nothing of them is in the repository.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `as_of` is the day of the list, `2026-08-06`; `prices` holds femto-USD per unit as texts. */
export class CreatePriceLists1760000001401 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE price_list (
        id text PRIMARY KEY,
        source text NOT NULL,
        as_of text NOT NULL,
        models int NOT NULL,
        refused int NOT NULL,
        loaded_at bigint NOT NULL,
        loaded_by text NOT NULL,
        UNIQUE (source, as_of)
      )`);
    await runner.query(`
      CREATE TABLE listed_model (
        list text NOT NULL REFERENCES price_list (id) ON DELETE CASCADE,
        provider text NOT NULL,
        model text NOT NULL,
        prices jsonb NOT NULL,
        PRIMARY KEY (list, provider, model)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE listed_model, price_list');
  }
}

/** Of each list: what it is called, and where it was published; null where the operator did not say. */
export class AddPriceListNotes1769000000130 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE price_list ADD title text, ADD url text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE price_list DROP title, DROP url');
  }
}
