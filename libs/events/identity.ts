// What names an event: (organization, source, id), wherever it was sent and however often. Metering keeps key → position.
// The invariant: the key is a function of those three texts alone, so a repeat always meets the first occurrence.
import { hash } from 'node:crypto';

/** Where ids without a time of their own go: above every time until the year 10889. */
export const UNORDERED_PREFIX = 'ffffffffffff';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const ULID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i;
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * 16 bytes as 32 hex digits: 48 bits of milliseconds out of a UUIDv7 or ULID (else `ffffffffffff`), then 80 bits of
 * SHA-256 over the three texts. They must hold no line feed (the gate refuses control characters): it keeps them apart.
 */
export function identityKey(organization: string, source: string, id: string): string {
  const digest = hash('sha256', `${organization}\n${source}\n${id}`, 'hex');
  return timePrefix(id) + digest.slice(0, 20);
}

/** Epoch ms that a UUIDv7 or ULID carries in its first 48 bits; undefined for any other id. */
export function idTime(id: string): number | undefined {
  // The gate asks for an id's time, and the identity of the same event asks again.
  if (id !== last.id) {
    last.time = readTime(id);
    last.id = id;
  }
  return last.time;
}

const last: { id: string; time: number | undefined } = { id: '', time: undefined };

function readTime(id: string): number | undefined {
  if (id.length === 36 && UUID_V7.test(id))
    return Number.parseInt(id.slice(0, 8), 16) * 0x10000 + Number.parseInt(id.slice(9, 13), 16);
  return id.length === 26 && ULID.test(id) ? ulidTime(id) : undefined;
}

function timePrefix(id: string): string {
  const time = idTime(id);
  if (time === undefined) return UNORDERED_PREFIX;
  return id.length === 36
    ? (id.slice(0, 8) + id.slice(9, 13)).toLowerCase()
    : time.toString(16).padStart(12, '0');
}

function ulidTime(id: string): number {
  let time = 0;
  for (const letter of id.slice(0, 10).toLowerCase()) time = time * 32 + CROCKFORD.indexOf(letter);
  return time;
}
