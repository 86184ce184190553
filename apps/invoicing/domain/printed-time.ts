// Days, months and spans as a printed page says them: UTC, whole days where the range is whole days. The names of months are our own,
// so that the same document gives the same bytes under every version of Node.
import { DAY_MS, parseInstant } from '#libs/time/instant.js';
import type { Words } from './document-words.js';

/** `November 2026`. */
export function monthText(words: Words, at: string): string {
  const date = new Date(parseInstant(at) ?? 0);
  return `${words.months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `1 November 2026`; null for no instant. */
export function dayText(words: Words, at: string | null): string | null {
  return at === null ? null : dateText(words, parseInstant(at) ?? 0, 'long');
}

type Length = 'long' | 'short';

/** Half-open, RFC 3339. */
export interface TextRange {
  readonly from: string;
  readonly to: string;
}

// 1 November 2026; on a line, where the year is plain from the head, 1 November.
function dateText(words: Words, at: number, length: Length): string {
  const date = new Date(at);
  const month = words.months[date.getUTCMonth()] as string;
  if (length === 'short') return `${date.getUTCDate()} ${words.shortMonth(month)}`;
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
}

/**
 * The last day that a half-open range holds is its end: to 1 December is until 30 November; an end inside a day names its hour.
 */
export function spanText(words: Words, { from, to }: TextRange, length: Length = 'long'): string {
  const [start, end] = [parseInstant(from) ?? 0, parseInstant(to) ?? 0];
  const first = `${dateText(words, start, length)}${hourText(start)}`;
  const last =
    end % DAY_MS === 0 && end > start
      ? dateText(words, end - DAY_MS, length)
      : `${dateText(words, end, length)}${hourText(end)}`;
  return first === last ? first : words.span(first, last);
}

function hourText(at: number): string {
  return at % DAY_MS === 0 ? '' : ` ${new Date(at).toISOString().slice(11, 16)}`;
}
