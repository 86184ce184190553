import { formatMonth, monthOf } from '#libs/time/month.js';

/** The month of an instant and those before it, newest first: "2026-11", "2026-10", … (UTC). */
export function lastMonths(now: number, many: number): string[] {
  const months: string[] = [];
  for (let month = monthOf(now); months.length < many; month = monthOf(month.from - 1))
    months.push(formatMonth(month));
  return months;
}
