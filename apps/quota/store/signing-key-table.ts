// The keys that sign the public limits document. Old public keys stay: what they signed can be verified for good.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSigningKeys1760000001101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // key_id is the RFC 7638 thumbprint; private_sealed is null for a key that came from the environment.
    await runner.query(`CREATE TABLE signing_key (
      key_id text PRIMARY KEY,
      public_x text NOT NULL,
      private_sealed bytea,
      made_at bigint NOT NULL
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signing_key');
  }
}
