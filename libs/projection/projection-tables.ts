// The runtime's tables in each service's database: positions, chain positions, quarantined records and the audit of halts.
// Instants are epoch milliseconds by the service's clock, as they come from the log.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates `stream_offset`, `chain_position`, `quarantine` and `halt`. Positions are never deleted. */
export class CreateProjectionTables1760000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // fillfactor: each batch rewrites its row, and a page with room keeps that a heap-only update.
    await runner.query(`
      CREATE TABLE stream_offset (
        projection text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        next_offset bigint NOT NULL,
        epoch bigint NOT NULL,
        owner text NOT NULL,
        last_digest bigint,
        applied bigint NOT NULL DEFAULT 0,
        duplicates bigint NOT NULL DEFAULT 0,
        quarantined bigint NOT NULL DEFAULT 0,
        digest_a numeric(20,0) NOT NULL DEFAULT 0,
        digest_b numeric(20,0) NOT NULL DEFAULT 0,
        appended_at bigint,
        caught_up_at bigint NOT NULL DEFAULT 0,
        halt_reason text,
        halt_detail text,
        halted_at bigint,
        PRIMARY KEY (projection, topic, partition)
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE chain_position (
        projection text NOT NULL,
        partition int NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (projection, partition)
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE quarantine (
        projection text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        record_offset bigint NOT NULL,
        reason text NOT NULL,
        detail text NOT NULL,
        record_key text,
        raw bytea NOT NULL,
        appended_at bigint NOT NULL,
        quarantined_by text NOT NULL,
        quarantined_at bigint NOT NULL,
        PRIMARY KEY (projection, topic, partition, record_offset)
      )`);
    await runner.query(`
      CREATE TABLE halt (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        projection text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        next_offset bigint NOT NULL,
        reason text NOT NULL,
        detail text NOT NULL,
        halted_at bigint NOT NULL,
        verb text,
        argument text,
        note text,
        resolved_by text,
        resolved_at bigint
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX halt_open ON halt (projection, topic, partition) WHERE resolved_at IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE halt, quarantine, chain_position, stream_offset');
  }
}
