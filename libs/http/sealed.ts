// Seals text for a table: AES-256-GCM under a key that the table does not hold.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const [NONCE, TAG] = [12, 16];

/** 12 bytes of nonce, 16 of tag, then the text; `key` has 32 bytes. */
export function seal(text: string, key: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** The text; throws when the key is another or a byte was changed. */
export function unseal(bytes: Buffer, key: Buffer): string {
  const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
  cipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  const text = cipher.update(bytes.subarray(NONCE + TAG), undefined, 'utf8');
  return text + cipher.final('utf8');
}
