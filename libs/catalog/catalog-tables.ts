// The table of the catalog read model; ingest writes the same table in the transaction that records the fact.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFactHead } from '../accounts/fact-head.js';

export class CreateCatalogTables1760000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createFactHead(runner);
    // Immutable rows: a version is published once. etag is the SHA-256 of the published bytes, hex.
    await runner.query(`CREATE TABLE catalog_version (
      version text PRIMARY KEY,
      effective_from bigint NOT NULL UNIQUE,
      media_type text NOT NULL,
      document bytea NOT NULL,
      etag text NOT NULL,
      recorded_at bigint NOT NULL,
      fact_id bigint NOT NULL UNIQUE
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE catalog_version');
  }
}
