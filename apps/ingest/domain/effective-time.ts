// When a fact may take effect (design section 5): prices and tiers on whole UTC hours at least ten minutes away, because
// events may be dated five minutes ahead and no hour may change its price once usage of it was folded; limits at once.
import { formatInstant, hourOf, MINUTE_MS, nextEffectiveHour } from '#libs/time/instant.js';
import type { Fault } from './fault.js';

const POINTER = '/effective_from';

/** How far an instant that acts at once may lie in the past: a caller's clock is not ours. */
export const CLOCK_SKEW_MS = MINUTE_MS;

/** 10:50:00.000 may name 11:00; 10:50:00.001 may not, and gets 12:00 when nothing is asked for. */
export function priceInstant(asked: number | undefined, now: number): number {
  return asked ?? nextEffectiveHour(now);
}

/** What is wrong with a change of price or tier at the asked instant: `not_a_whole_hour` or `too_early`. */
export function priceInstantFault(asked: number | undefined, now: number): Fault | undefined {
  if (asked === undefined) return undefined;
  const earliest = nextEffectiveHour(now);
  if (hourOf(asked) !== asked) return wholeHourFault(asked, POINTER, now);
  if (asked >= earliest) return undefined;
  return {
    pointer: POINTER,
    code: 'too_early',
    detail: `${formatInstant(asked)} is not at least ten minutes away; the earliest is ${formatInstant(earliest)}`,
  };
}

/** `not_a_whole_hour` for an instant inside an hour. */
export function wholeHourFault(asked: number, pointer: string, now: number): Fault | undefined {
  if (hourOf(asked) === asked) return undefined;
  return {
    pointer,
    code: 'not_a_whole_hour',
    detail: `${formatInstant(asked)} is not a whole UTC hour at least ten minutes away; the earliest is ${formatInstant(nextEffectiveHour(now))}`,
  };
}

/** What is wrong with an instant for a limit, which acts at once: `in_the_past` when it is more than a minute ago. */
export function limitInstantFault(
  asked: number | undefined,
  now: number,
  pointer = POINTER,
): Fault | undefined {
  if (asked === undefined || asked >= now - CLOCK_SKEW_MS) return undefined;
  return {
    pointer,
    code: 'in_the_past',
    detail: `${formatInstant(asked)} is over; leave it out to act at once`,
  };
}
