// The Ed25519 key that signs the public limits document: from the environment, or made once and kept sealed in the database.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { ConfigurationError } from '#libs/config/environment.js';
import { rows } from '#libs/database/database.js';
import { seal, unseal } from '#libs/http/sealed.js';
import type { Clock } from '#libs/time/instant.js';

/** A public key as a JSON Web Key (RFC 8037); `kid` is its thumbprint (RFC 7638). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

export interface SigningKeyOptions {
  /** PKCS #8, as PEM or as base64 of DER; undefined: made at the first start. */
  readonly configured: string | undefined;
  /** What seals a made key in the table. */
  readonly secret: string;
  readonly clock: Clock;
}

interface KeyRow {
  key_id: string;
  public_x: string;
  private_sealed: Buffer | null;
}

export class SigningKeyStore {
  #current: Promise<KeyObject> | undefined;
  private readonly configured: KeyObject | undefined;

  /** Throws ConfigurationError naming LIMITS_SIGNING_KEY when that is no Ed25519 private key. */
  constructor(
    private readonly source: DataSource,
    private readonly options: SigningKeyOptions,
  ) {
    this.configured =
      options.configured === undefined ? undefined : parsePrivateKey(options.configured);
  }

  /** Signs bytes; gives the key's id and 64 bytes of Ed25519 signature. */
  async sign(bytes: Buffer): Promise<{ keyId: string; signature: Buffer }> {
    const key = await this.current();
    return { keyId: jwkOf(key).kid, signature: sign(null, bytes, key) };
  }

  /** Every public key that ever signed, the oldest first. */
  async publicKeys(): Promise<PublicJwk[]> {
    await this.current();
    const found = await rows<KeyRow>(
      this.source,
      'SELECT key_id, public_x, private_sealed FROM signing_key ORDER BY made_at, key_id',
    );
    return found.map(({ key_id, public_x }) => publicJwk(public_x, key_id));
  }

  private async current(): Promise<KeyObject> {
    const known = this.#current ?? this.take();
    this.#current = known;
    // A database that was away must not stay away here.
    known.catch(() => (this.#current = undefined));
    return known;
  }

  // Instances that start together agree on one key: the lock is the transaction's.
  private async take(): Promise<KeyObject> {
    return this.source.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('signing_key'))`);
      const kept = await rows<KeyRow>(tx, 'SELECT * FROM signing_key ORDER BY made_at DESC');
      if (this.configured) {
        const { kid } = jwkOf(this.configured);
        const isKnown = kept.some((row) => row.key_id === kid);
        if (!isKnown) await this.keep(tx, this.configured, null);
        return this.configured;
      }
      const secret = this.sealKey();
      for (const row of kept) {
        const opened = row.private_sealed && open(row.private_sealed, secret);
        if (opened) return opened;
      }
      // None, or sealed under another admin key: a new one, and the old ones go on to verify.
      const made = generateKeyPairSync('ed25519').privateKey;
      await this.keep(tx, made, seal(pemOf(made), secret));
      return made;
    });
  }

  private async keep(tx: EntityManager, key: KeyObject, sealed: Buffer | null): Promise<void> {
    const { kid, x } = jwkOf(key);
    await tx.query('INSERT INTO signing_key VALUES ($1, $2, $3, $4)', [
      kid,
      x,
      sealed,
      this.options.clock(),
    ]);
  }

  private sealKey(): Buffer {
    return Buffer.from(hkdfSync('sha256', this.options.secret, '', 'meterbook signing key', 32));
  }
}

/** The public half of a key as a JSON Web Key. */
export function jwkOf(key: KeyObject): PublicJwk {
  const { x = '' } = createPublicKey(pemOf(key)).export({ format: 'jwk' });
  const members = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
  return publicJwk(x, createHash('sha256').update(members).digest('base64url'));
}

function publicJwk(x: string, kid: string): PublicJwk {
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function open(sealed: Buffer, secret: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey(unseal(sealed, secret));
  } catch {
    return undefined;
  }
}

function parsePrivateKey(text: string): KeyObject {
  try {
    const key = text.includes('-----BEGIN')
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below, without a word of the key.
  }
  throw new ConfigurationError(
    'LIMITS_SIGNING_KEY must be an Ed25519 private key in PKCS #8, as PEM or base64 of DER',
  );
}
