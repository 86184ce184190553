// The table `identity` is cut by the day of its keys' own time, so that old days are dropped whole (projection-protocol.md 4).
// The invariant: a day is dropped only when no event whose id was made on it can be accepted any more.
import { DAY_MS, dayOf } from '#libs/time/instant.js';
import { UNORDERED_PREFIX } from '#libs/events/identity.js';

/** Ids older than 35 days are refused, measured with an hour of slack: at 36 days nobody can repeat what a day holds. */
export const KEPT_DAYS = 36;
/** Days made before anything comes for them. */
export const DAYS_AHEAD = 2;

const TABLE = /^identity_d(\d{4})(\d{2})(\d{2})$/;

/** A day's table and the keys that belong in it. */
export interface IdentityDay {
  /** `identity_d20261124`. */
  readonly table: string;
  /** The least key in it, and the least above it, as uuid texts. */
  readonly from: string;
  readonly to: string;
}

/** The table of the day that starts at this epoch ms. */
export function identityDay(day: number): IdentityDay {
  const digits = new Date(day).toISOString().slice(0, 10).replaceAll('-', '');
  return { table: `identity_d${digits}`, from: leastKey(day), to: leastKey(day + DAY_MS) };
}

/** The days that keys of events accepted at an instant may belong to: 36 back, two ahead; other keys have a table of their own. */
export function daysAround(at: number): number[] {
  const today = dayOf(at);
  return Array.from(
    { length: KEPT_DAYS + DAYS_AHEAD + 1 },
    (_, index) => today + (index - KEPT_DAYS) * DAY_MS,
  );
}

/** The day of a key that was made near the instant; undefined for an unordered key and for one from a clock that is far off. */
export function dayOfKey(key: string, at: number): number | undefined {
  if (key.startsWith(UNORDERED_PREFIX)) return undefined;
  const day = dayOf(Number.parseInt(key.slice(0, 12), 16));
  const today = dayOf(at);
  return day >= today - KEPT_DAYS * DAY_MS && day <= today + DAYS_AHEAD * DAY_MS ? day : undefined;
}

/** Those of the tables whose day has ended 36 days before the instant: everything appended by then has been read. */
export function droppable(tables: readonly string[], readUpTo: number): string[] {
  return tables.filter((table) => {
    const match = TABLE.exec(table);
    if (!match) return false;
    const end = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) + DAY_MS;
    return end <= readUpTo - KEPT_DAYS * DAY_MS;
  });
}

function leastKey(at: number): string {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
