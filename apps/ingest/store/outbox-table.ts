import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts on their way to the log. Rows stay: they say where each fact is, and which request made it. */
export class CreateOutbox1760000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // request_key: who sent which Idempotency-Key with which body; a repeat finds the fact that it made before.
    await runner.query(`
      CREATE TABLE outbox (
        topic            text   NOT NULL,
        fact_id          bigint NOT NULL,
        key              text   NOT NULL,
        value            bytea  NOT NULL,
        recorded_at      bigint NOT NULL,
        request_key      text,
        published_offset bigint,
        PRIMARY KEY (topic, fact_id)
      )`);
    await runner.query(
      'CREATE INDEX outbox_pending ON outbox (topic, fact_id) WHERE published_offset IS NULL',
    );
    await runner.query(
      'CREATE INDEX outbox_request ON outbox (request_key) WHERE request_key IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox');
  }
}
