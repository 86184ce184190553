// The tables of metering. Every row can be dropped and folded again from `usage.recorded` and `usage.rejected`.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { QUANTITIES } from '#libs/events/quantities.js';

export class CreateMeteringTables1760000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE identity, repeat, correction, usage_hour, sequence_seen, rejected_usage',
    );
  }
}

/** Usage by end user, for OpenAI's `user_ids` and `group_by=user_id`: one row more per user only where events name users. */
export class AddEndUser1760000000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE usage_hour ADD COLUMN end_user text NOT NULL DEFAULT '',
      DROP CONSTRAINT usage_hour_pkey`);
    await runner.query(
      `ALTER TABLE usage_hour ADD PRIMARY KEY
        (hour, organization, model, service_tier, adapter, project, api_key, end_user)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('rows of several users cannot be told apart without end_user: fold again');
  }
}

/** The digest of each row, for reconciliation. Hours that were folded before have none: fold again (`meterbook rebuild`). */
export class AddHourDigests1760000001102 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE usage_hour ADD COLUMN digest_a numeric(20,0) NOT NULL DEFAULT 0,
      ADD COLUMN digest_b numeric(20,0) NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_hour DROP COLUMN digest_a, DROP COLUMN digest_b');
  }
}

/** Half of each page stays free for the next version of its rows: every slice updates the rows of the hour, at 60 % of the cost. */
export class LeaveRoomInUsageHours1760000001600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_hour SET (fillfactor = 50)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_hour RESET (fillfactor)');
  }
}

const QUANTITY_COLUMNS = QUANTITIES.map((name) => `${name} numeric(38,0) NOT NULL DEFAULT 0`);

const TABLES = [
  // The key begins with 48 bits of time: a day of ids is one partition, which is dropped whole after the window. Ids that
  // carry no time begin with ffffffffffff and are kept for ever.
  `CREATE TABLE identity (
     key uuid PRIMARY KEY, partition int NOT NULL, "offset" bigint NOT NULL, fingerprint bigint NOT NULL
   ) PARTITION BY RANGE (key)`,
  `CREATE TABLE identity_unordered PARTITION OF identity
     FOR VALUES FROM ('ffffffff-ffff-0000-0000-000000000000') TO (MAXVALUE)`,
  // Where else a counted event stands in the log.
  `CREATE TABLE repeat (
     partition int NOT NULL, "offset" bigint NOT NULL, key uuid NOT NULL, PRIMARY KEY (partition, "offset"))`,
  'CREATE INDEX repeat_key ON repeat (key)',
  // What a voided or corrected event changed, as it was booked: deriving it again is a read.
  `CREATE TABLE correction (
     partition int NOT NULL, "offset" bigint NOT NULL, key uuid NOT NULL, original_key uuid NOT NULL,
     kind text NOT NULL, id text NOT NULL, reason text NOT NULL, deltas jsonb NOT NULL,
     PRIMARY KEY (partition, "offset"))`,
  'CREATE INDEX correction_original ON correction (original_key)',
  // Time first in the key: 1.3 times as fast as organization first (performance.md B3 e). '' stands for no name.
  `CREATE TABLE usage_hour (
     hour timestamptz NOT NULL, organization text NOT NULL, model text NOT NULL, service_tier text NOT NULL,
     adapter text NOT NULL, project text NOT NULL, api_key text NOT NULL,
     requests numeric(38,0) NOT NULL, ${QUANTITY_COLUMNS.join(', ')},
     PRIMARY KEY (hour, organization, model, service_tier, adapter, project, api_key))`,
  'CREATE INDEX usage_hour_organization ON usage_hour (organization, hour)',
  // Append-only; compaction joins the rows of a source. An interval set per source, whatever the order of arrival.
  `CREATE TABLE sequence_seen (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, source text NOT NULL, seen int8multirange NOT NULL,
     at timestamptz NOT NULL DEFAULT now())`,
  'CREATE INDEX sequence_seen_source ON sequence_seen (source)',
  // The projection of `usage.rejected`. A record that was appended twice around a crash names the same origin.
  `CREATE TABLE rejected_usage (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     reason text NOT NULL, pointer text NOT NULL, detail text NOT NULL,
     organization text, source text, event_id text, at timestamptz NOT NULL,
     origin_topic text, origin_partition int, origin_offset bigint,
     winner_topic text, winner_partition int, winner_offset bigint,
     raw bytea NOT NULL, UNIQUE (origin_topic, origin_partition, origin_offset))`,
  'CREATE INDEX rejected_usage_event ON rejected_usage (organization, source, event_id)',
];
