import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was acknowledged, per minute, partition and process: each process writes only its own rows, as absolute figures. */
export class CreateControlTotals1760000000010 implements MigrationInterface {
  readonly name = 'CreateControlTotals1760000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE control_total (
        minute    timestamptz NOT NULL,
        partition integer     NOT NULL,
        instance  text        NOT NULL,
        events    bigint      NOT NULL,
        units     numeric     NOT NULL,
        digest_a  numeric     NOT NULL,
        digest_b  numeric     NOT NULL,
        PRIMARY KEY (minute, partition, instance)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE control_total');
  }
}
