// Announcements on their way to the log (`quota.events`, `billing.events`): written in the transaction that they are about.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** published_offset null: not known to be in the log. announcement_head: up to where each partition was looked through. */
export class CreateAnnouncements1760000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE announcement (
        id               text   PRIMARY KEY,
        sequence         bigint GENERATED ALWAYS AS IDENTITY,
        topic            text   NOT NULL,
        key              text   NOT NULL,
        value            bytea  NOT NULL,
        recorded_at      bigint NOT NULL,
        partition        int,
        published_offset bigint
      )`);
    await runner.query(
      `CREATE INDEX announcement_pending ON announcement (sequence) WHERE published_offset IS NULL`,
    );
    await runner.query(`
      CREATE TABLE announcement_head (
        topic       text   NOT NULL,
        partition   int    NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (topic, partition)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE announcement_head');
    await runner.query('DROP TABLE announcement');
  }
}
