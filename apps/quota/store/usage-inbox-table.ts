// Usage that was folded and that standings do not know of yet. Written in the transaction that folds it, taken out in the statement
// that settles and counts it: so nobody who is asked about a request waits for a fold.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A row is some events of one organization, in the order of the log; `events` is JSON (waiting-usage.ts). */
export class CreateUsageInbox1769000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE usage_inbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        partition int NOT NULL,
        organization text NOT NULL,
        events text NOT NULL
      )`);
    await runner.query('CREATE INDEX usage_inbox_partition ON usage_inbox (partition, id)');
    await runner.query('CREATE INDEX usage_inbox_organization ON usage_inbox (organization, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE usage_inbox');
  }
}
