// Endpoints of webhooks and what is on its way to them.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * organization null: hears of every organization. secret and previous_secret are sealed. A delivery exists once per endpoint and
 * event, whatever is replayed; next_at is when it is due, or until when a sender has it.
 */
export class CreateWebhooks1760000001700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhook_endpoint (
        id              text   PRIMARY KEY,
        organization    text,
        url             text   NOT NULL,
        events          text[] NOT NULL,
        secret          bytea  NOT NULL,
        previous_secret bytea,
        previous_until  bigint,
        created_at      bigint NOT NULL,
        disabled        text
      )`);
    await runner.query(`
      CREATE TABLE webhook_delivery (
        id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        endpoint     text   NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
        event_id     text   NOT NULL,
        message_id   text   NOT NULL,
        type         text   NOT NULL,
        body         text   NOT NULL,
        created_at   bigint NOT NULL,
        state        text   NOT NULL DEFAULT 'pending',
        attempts     int    NOT NULL DEFAULT 0,
        next_at      bigint NOT NULL,
        last_status  int,
        last_fault   text,
        last_answer  text,
        last_at      bigint,
        UNIQUE (endpoint, event_id)
      )`);
    await runner.query(
      `CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at) WHERE state = 'pending'`,
    );
    await runner.query('CREATE INDEX webhook_delivery_list ON webhook_delivery (endpoint, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_delivery');
    await runner.query('DROP TABLE webhook_endpoint');
  }
}
