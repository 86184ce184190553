// The largest recent usage without a reservation: what explains a full bucket. Kept for a day, the longest window of a limit.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** event is `source id`; at is the event's time. */
export class CreateRecentUse1760000001002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recent_use (
        organization text NOT NULL,
        model text NOT NULL,
        at bigint NOT NULL,
        event text NOT NULL,
        tokens numeric(38,0) NOT NULL
      )`);
    await runner.query('CREATE INDEX recent_use_model ON recent_use (organization, model, at)');
    await runner.query('CREATE INDEX recent_use_at ON recent_use (at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recent_use');
  }
}
