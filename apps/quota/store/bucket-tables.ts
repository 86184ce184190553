// The token buckets of quota: rows that can be dropped and folded again from `usage.metered`.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** debt is units × window nanoseconds (libs/rating/bucket.ts), counted_at and used_since are epoch ms. */
export class CreateBuckets1760000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bucket (
        organization text NOT NULL,
        model text NOT NULL,
        limit_name text NOT NULL,
        debt numeric(60,0) NOT NULL,
        counted_at bigint NOT NULL,
        used_since bigint NOT NULL,
        PRIMARY KEY (organization, model, limit_name)
      ) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bucket');
  }
}
