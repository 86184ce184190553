// How long to wait before trying again. The jitter keeps partitions and instances from coming back in step.
import { setTimeout as wait } from 'node:timers/promises';

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** 0.1 s doubling to 5 s by attempt (0, 1, …), of which a random half to whole is taken. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(whole * (0.5 + random() / 2));
}

/** 0.1 to 5 s: after another owner took a partition, so that two do not take it from each other for ever. */
export function reclaimMs(attempt: number, random: () => number = Math.random): number {
  return FIRST_MS + Math.round(random() * Math.min(LONGEST_MS - FIRST_MS, 200 * 2 ** attempt));
}

/** Waits, or less when the signal aborts. Never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
