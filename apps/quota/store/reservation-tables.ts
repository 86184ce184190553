// Holds and decisions: commands that quota answered. They are no fold of the log and survive every rebuild (design section 9).
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `admission` is one row per organization (project '') and project: the former's lock is the organization's, and its `version` grows
 * with each write of anything here that is the organization's. Money is femto-units; `spent` is the month's from the log, good while
 * `mark` names the terms and the fold that it was made with. `next_expiry`: no reservation ends by time before it. Bodies of
 * reservations are JSON (reservation-text.ts), `admission_bucket.buckets` is {limit: [debt, at, since]}. `fold_generation` names the life of the rows that are folded: another one after a rebuild.
 */
export class CreateReservations1760000001001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE fold_generation, decision, reservation, admission_bucket, admission',
    );
  }
}

const UP = [
  `CREATE TABLE admission (
    organization text NOT NULL,
    project text NOT NULL,
    version bigint NOT NULL DEFAULT 0,
    month bigint NOT NULL DEFAULT 0,
    spent numeric(60,0) NOT NULL DEFAULT 0,
    mark text NOT NULL DEFAULT '',
    held numeric(60,0) NOT NULL DEFAULT 0,
    unconfirmed numeric(60,0) NOT NULL DEFAULT 0,
    credit numeric(60,0),
    next_expiry bigint,
    blocked text,
    PRIMARY KEY (organization, project)
  ) WITH (fillfactor = 50)`,
  `CREATE INDEX admission_expiry ON admission (next_expiry) WHERE next_expiry IS NOT NULL`,
  `CREATE INDEX admission_blocked ON admission (organization, project) WHERE blocked IS NOT NULL`,
  `CREATE TABLE admission_bucket (
    organization text NOT NULL,
    project text NOT NULL,
    model text NOT NULL,
    buckets text NOT NULL,
    excess_until bigint NOT NULL DEFAULT 0,
    generation text NOT NULL,
    PRIMARY KEY (organization, project, model)
  ) WITH (fillfactor = 50)`,
  `CREATE TABLE reservation (
    id text PRIMARY KEY,
    organization text NOT NULL,
    request_id text NOT NULL,
    state text NOT NULL,
    model text NOT NULL,
    project text,
    made_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    ended_at bigint,
    body text NOT NULL
  ) WITH (fillfactor = 70)`,
  // The look-up by name is prepared while the table is small, when every index costs the same, and its plan stays. So no other index
  // may serve it: this one is of an expression, and the next has another condition (a living reservation has not ended).
  `CREATE UNIQUE INDEX reservation_request ON reservation ((organization || ' ' || request_id))
    WHERE state = 'held'`,
  `CREATE INDEX reservation_expiry ON reservation (organization, expires_at)
    WHERE ended_at IS NULL`,
  `CREATE INDEX reservation_model ON reservation (organization, model, made_at)`,
  `CREATE TABLE decision (
    id text PRIMARY KEY,
    organization text NOT NULL,
    at bigint NOT NULL,
    body jsonb NOT NULL
  )`,
  'CREATE INDEX decision_at ON decision (at)',
  `CREATE TABLE fold_generation (generation text NOT NULL)`,
  `INSERT INTO fold_generation VALUES (gen_random_uuid()::text)`,
];
