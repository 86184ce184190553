// The text of an API key: `mb_<8 id>_<32 secret><6 checksum>`, base62. The checksum refuses typos without a query and lets a
// secret scanner be sure; the prefix lets it find one.
import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY = /^mb_([0-9A-Za-z]{8})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

export interface NewApiKey {
  readonly id: string;
  /** Shown once and stored nowhere. */
  readonly key: string;
  /** Lower-case hex SHA-256 of `key`: what is stored. */
  readonly hash: string;
}

/** Makes a key; `random(62)` gives a number in [0, 62), by default from the system's generator. */
export function newApiKey(random: (below: number) => number = randomInt): NewApiKey {
  const letters = (count: number): string =>
    Array.from({ length: count }, () => ALPHABET[random(ALPHABET.length)]).join('');
  const id = letters(8);
  const body = `mb_${id}_${letters(32)}`;
  const key = body + checksum(body);
  return { id, key, hash: hashApiKey(key) };
}

/** The id in a well-formed key with a right checksum, else undefined. */
export function parseApiKey(text: string): { readonly id: string } | undefined {
  const match = KEY.exec(text);
  if (!match || checksum(text.slice(0, -6)) !== match[3]) return undefined;
  return { id: match[1] as string };
}

/** Lower-case hex SHA-256 of the whole key. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

// 62^6 > 2^32: six letters hold any CRC-32 (of everything before them), most significant first.
function checksum(text: string): string {
  let rest = crc32(text);
  let letters = '';
  for (let place = 0; place < 6; place += 1) {
    letters = ALPHABET[rest % 62] + letters;
    rest = Math.floor(rest / 62);
  }
  return letters;
}
