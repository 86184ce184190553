// The tables of the embedded log. They live in a database of their own and are made here, under a lock of their own, because the
// log stands below every service's migrations.
import type { Pool } from 'pg';

// "mblg" in ASCII: one process makes the tables, the others wait.
const LOCK = 0x6d626c67;

// A topic's number keeps the key of a record at 16 bytes. Values are not compressed by Postgres: pglz costs more than it saves here.
const STEPS: readonly string[] = [
  `
  CREATE TABLE log_topic (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    partitions integer NOT NULL CHECK (partitions > 0)
  );
  CREATE TABLE log_partition (
    topic_id integer NOT NULL REFERENCES log_topic ON DELETE CASCADE,
    partition integer NOT NULL,
    low bigint NOT NULL DEFAULT 0,
    next_offset bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (topic_id, partition)
  ) WITH (fillfactor = 50);
  CREATE TABLE log_record (
    topic_id integer NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    appended_at bigint NOT NULL,
    key bytea,
    value bytea NOT NULL,
    PRIMARY KEY (topic_id, partition, "offset")
  );
  ALTER TABLE log_record ALTER COLUMN value SET STORAGE EXTERNAL;
  CREATE TABLE log_member (
    id text PRIMARY KEY,
    group_name text NOT NULL,
    topics text[] NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 50);
  CREATE INDEX log_member_group ON log_member (group_name);
  CREATE TABLE log_claim (
    group_name text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    member_id text NOT NULL REFERENCES log_member ON DELETE CASCADE,
    PRIMARY KEY (group_name, topic, partition)
  );
  CREATE INDEX log_claim_member ON log_claim (member_id);
  CREATE TABLE log_hint (
    group_name text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    PRIMARY KEY (group_name, topic, partition)
  );
  `,
];

/** Makes or completes the tables; safe beside other processes that start at the same time. */
export async function createLogTables(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS log_schema (step integer PRIMARY KEY)');
    const { rows } = await client.query<{ step: number }>('SELECT step FROM log_schema');
    const done = new Set(rows.map(({ step }) => step));
    for (const [step, sql] of STEPS.entries()) {
      if (done.has(step)) continue;
      await client.query(sql);
      await client.query('INSERT INTO log_schema VALUES ($1)', [step]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
