// ULIDs: 48 bits of milliseconds and 80 random bits, in 26 characters that sort by time (github.com/ulid/spec).
import { randomBytes } from 'node:crypto';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

let pool = Buffer.alloc(0);
let used = 0;

/** In lower case: `01jd3v8q2m…`. */
export function ulid(now: number): string {
  let text = '';
  let time = now;
  for (let digit = 0; digit < 10; digit += 1) {
    text = `${DIGITS[time % 32]}${text}`;
    time = Math.floor(time / 32);
  }
  if (used + 16 > pool.length) {
    pool = randomBytes(4_096);
    used = 0;
  }
  for (let digit = 0; digit < 16; digit += 1) text += DIGITS[(pool[used++] as number) & 31];
  return text;
}
