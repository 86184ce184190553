// Instants for reading: in the reader's zone on charts and lists, in UTC where a period is meant (invoices, months).
import { type ReaderLocale, tagOf } from './figures.js';

export type Dates = ReturnType<typeof datesIn>;

/** Formatters of a locale; instants are RFC 3339 text, the calendar is the Gregorian one in both languages. */
export function datesIn(locale: ReaderLocale) {
  const tag = locale.language === 'ar' ? `${tagOf(locale)}-ca-gregory` : 'en-GB';
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(tag, options);
    return (instant: string): string => made.format(new Date(instant));
  };
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  return {
    /** "25 Nov 2026", in the reader's zone. */
    day: format(day),
    /** "25 Nov 2026, 11:04", in the reader's zone. */
    time: format({ ...day, ...clock }),
    /** "25 Nov 2026, 11:04:07 UTC": the exact instant, for a hover. */
    exact: format({ ...day, ...clock, second: '2-digit', timeZone: 'UTC', timeZoneName: 'short' }),
    /** "25 Nov 2026", of the UTC day that it begins. */
    utcDay: format({ ...day, timeZone: 'UTC' }),
    /** "November 2026", of the UTC month that it begins. */
    month: format({ month: 'long', year: 'numeric', timeZone: 'UTC' }),
    /** "14:00" and "25 Nov": the ticks of an axis. */
    hourTick: format(clock),
    dayTick: format({ day: 'numeric', month: 'short' }),
    utcTick: format({ day: 'numeric', month: 'short', timeZone: 'UTC' }),
    monthTick: format({ month: 'short', year: 'numeric', timeZone: 'UTC' }),
  };
}

/** "Europe/Berlin": the zone that `day` and `time` are in. */
export function readerZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
