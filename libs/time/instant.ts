// Instants are epoch milliseconds (UTC) in numbers: cheap, exact until the year 287396. Text is RFC 3339.

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The time now, passed in wherever it is needed: `Date.now` at the edge, a fixed function in tests. */
export type Clock = () => number;

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * RFC 3339 text → epoch ms, undefined when it is not one. Digits below the millisecond are cut; second 60 (a leap second,
 * RFC 3339 5.6) counts as 59.999; 30 February and hour 24 are not instants.
 */
export function parseInstant(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute] = match.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const second = Number(match[6]);
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = Date.UTC(year, month - 1, day, hour, minute);
  const back = new Date(date);
  if (
    back.getUTCMonth() !== month - 1 ||
    back.getUTCDate() !== day ||
    back.getUTCFullYear() !== year
  )
    return undefined;
  const offset = offsetMs(match[8] as string);
  if (offset === undefined) return undefined;
  const millis =
    second === 60 ? 59_999 : second * 1_000 + Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3));
  return date + millis - offset;
}

// The same few instants again and again: a billing run writes the bounds of one month a dozen times an invoice, 0.5 µs each.
const KEPT = 256;
const formatted = new Map<number, string>();

/** Epoch ms → `2026-11-24T09:30:00.120Z`; whole seconds without a fraction. RangeError for what is no instant. */
export function formatInstant(at: number): string {
  const known = formatted.get(at);
  if (known !== undefined) return known;
  const exact = new Date(at).toISOString();
  const text = exact.endsWith('.000Z') ? `${exact.slice(0, -5)}Z` : exact;
  if (formatted.size === KEPT) formatted.clear();
  formatted.set(at, text);
  return text;
}

/** The start of the UTC hour that holds the instant. */
export function hourOf(at: number): number {
  return at - (((at % HOUR_MS) + HOUR_MS) % HOUR_MS);
}

/** The start of the UTC day that holds the instant. */
export function dayOf(at: number): number {
  return at - (((at % DAY_MS) + DAY_MS) % DAY_MS);
}

/** The first whole UTC hour at least ten minutes away: when a change of price or tier may take effect (design section 5). */
export function nextEffectiveHour(now: number): number {
  const earliest = now + 10 * MINUTE_MS;
  const hour = hourOf(earliest);
  return hour === earliest ? hour : hour + HOUR_MS;
}

function offsetMs(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}
