// The fingerprint of the last record read, kept in the position row to notice a log that was replaced or cut and rewritten.
import { createHash } from 'node:crypto';

/** 64 bits of SHA-256 over key and value, as the signed number that Postgres keeps as bigint. A null key differs from ''. */
export function recordDigest(record: {
  readonly key: string | null;
  readonly value: Buffer;
}): bigint {
  const hash = createHash('sha256');
  // The length separates key from value: ('ab', 'c') is not ('a', 'bc').
  const key = record.key === null ? null : Buffer.from(record.key);
  hash.update(key === null ? '-' : `${key.length}:`);
  if (key !== null) hash.update(key);
  return hash.update(record.value).digest().readBigInt64BE(0);
}
