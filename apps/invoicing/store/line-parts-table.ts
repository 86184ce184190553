// What a line of an issued invoice says beside its price per unit: which part of a charge it is and what came off it.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `femto_per_unit` is null in lines of packages and flat amounts; both other columns are as in `RatedLine`. */
export class AddLineParts1760000001201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE invoice_line ADD COLUMN part text NOT NULL DEFAULT '',
        ADD COLUMN above_context int NOT NULL DEFAULT 0,
        ADD COLUMN discount_femto numeric(60,0) NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE invoice_line DROP COLUMN part, DROP COLUMN above_context,
        DROP COLUMN discount_femto`);
  }
}
