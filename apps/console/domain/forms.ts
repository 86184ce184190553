// What is typed into the settings' forms, as the API takes it; undefined is what no body can be made of.

import { latinDigits } from './digits.js';

/** "50" and "50.00" → the same; "" → null, no limit. At most 12 digits and 15 places. */
export function amountOf(typed: string): string | null | undefined {
  const text = latinDigits(typed).trim();
  if (text === '') return null;
  return /^\d{1,12}(\.\d{1,15})?$/.test(text) ? text : undefined;
}

function isPercent(word: string): boolean {
  return /^\d{1,4}$/.test(word) && Number(word) >= 1 && Number(word) <= 1_000;
}

/** "50, 80, 100" → [50, 80, 100], ascending and each once; "" → []. From 1 to 1000, at most 20. */
export function alertsOf(typed: string): number[] | undefined {
  const words = latinDigits(typed)
    .split(/[,،\s]+/)
    .filter((word) => word !== '');
  if (!words.every(isPercent) || words.length > 20) return undefined;
  return [...new Set(words.map(Number))].toSorted((a, b) => a - b);
}

/** "2027-01-31" → the end of that UTC day; "" → null, it never expires. A day that is over or none is undefined. */
export function expiryOf(typed: string, now: number): string | null | undefined {
  const text = latinDigits(typed).trim();
  if (text === '') return null;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const start = Date.parse(`${text}T00:00:00Z`);
  // 31 February is taken by some parsers as 3 March.
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== text) return undefined;
  const end = start + 86_400_000;
  return end > now ? new Date(end).toISOString() : undefined;
}
