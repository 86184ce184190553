// The tables of the accounts read model; ingest writes the same tables in the transaction that records the fact.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFactHead } from './fact-head.js';

export class CreateAccountTables1760000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createFactHead(runner);
    // state is the fold of libs/events/account.ts as it is; fact_id is the last fact in it.
    await runner.query(`CREATE TABLE account (
      id text PRIMARY KEY,
      state jsonb NOT NULL,
      fact_id bigint NOT NULL
    )`);
    // Keys bound to no organization live only here. The secret is nowhere: hash is SHA-256 of the whole key.
    await runner.query(`CREATE TABLE api_key (
      id text PRIMARY KEY,
      organization text,
      name text NOT NULL,
      hash text NOT NULL,
      scopes text[] NOT NULL,
      created_at bigint NOT NULL,
      expires_at bigint,
      revoked_at bigint
    )`);
    await runner.query('CREATE INDEX api_key_organization ON api_key (organization, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_key');
    await runner.query('DROP TABLE account');
  }
}
