// Billing periods: calendar months in UTC, half-open.

export interface Period {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** "2026-11" → the month's half-open range; undefined when it is not a month. */
export function parseMonth(text: string): Period | undefined {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (!match) return undefined;
  const year = Number(match[1]);
  const month = Number(match[2]) - 1;
  return { from: Date.UTC(year, month, 1), to: Date.UTC(year, month + 1, 1) };
}

/** The month that holds the instant. */
export function monthOf(at: number): Period {
  const date = new Date(at);
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return { from, to: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) };
}

/** `2026-11` for a period that starts in November 2026. */
export function formatMonth(period: Period): string {
  return new Date(period.from).toISOString().slice(0, 7);
}
