// The usage hours that quota and invoicing each keep in their own database (libs/usage).
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** hour in epoch ms; '' stands for no adapter and no project; sums are numeric, digests are kept modulo 2^64. */
export class CreateUsageHours1760000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE usage_hour (
        organization text NOT NULL,
        hour bigint NOT NULL,
        model text NOT NULL,
        service_tier text NOT NULL,
        adapter text NOT NULL,
        project text NOT NULL,
        quantity text NOT NULL,
        units numeric(38,0) NOT NULL,
        events bigint NOT NULL,
        digest_a numeric(20,0) NOT NULL,
        digest_b numeric(20,0) NOT NULL,
        PRIMARY KEY (organization, hour, model, service_tier, adapter, project, quantity)
      ) WITH (fillfactor = 80)`);
    await runner.query('CREATE INDEX usage_hour_by_hour ON usage_hour (hour, organization)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE usage_hour');
  }
}

/** Each hour's rows apart by the length of the requests' inputs: a price may depend on it (libs/rating/context-bounds.ts). */
export class AddUsageContext1760000001200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE usage_hour ADD COLUMN context int NOT NULL DEFAULT 0,
        DROP CONSTRAINT usage_hour_pkey, ADD PRIMARY KEY
          (organization, hour, model, service_tier, adapter, project, context, quantity)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_hour DROP COLUMN context');
    await runner.query(`ALTER TABLE usage_hour ADD PRIMARY KEY
      (organization, hour, model, service_tier, adapter, project, quantity)`);
  }
}
