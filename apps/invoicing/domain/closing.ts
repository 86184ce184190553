// When a month may be closed, and the evidence that it holds everything: log positions, never the clock alone.
import { HOUR_MS } from '#libs/time/instant.js';
import type { Period } from '#libs/time/month.js';
import type { Cut } from './invoice.js';

/** The month's end and the grace for late usage: 2026-11 with 24 hours is 2026-12-02T00:00:00Z. */
export function closableAt(period: Period, graceHours: number): number {
  return period.to + graceHours * HOUR_MS;
}

/** A partition that has not been read as far as the evidence demands. */
export interface Behind {
  readonly topic: string;
  readonly partition: number;
  readonly position: number;
  readonly needed: number;
}

/**
 * What is still missing before a month may be closed: each partition that the log had records on when the evidence was taken,
 * idle or not, must have been folded up to there. A partition that was never read stands at 0.
 */
export function behindOf(evidence: Cut, reached: Cut): readonly Behind[] {
  return Object.entries(evidence).flatMap(([topic, partitions]) =>
    Object.entries(partitions)
      .map(([partition, needed]) => ({
        topic,
        partition: Number(partition),
        position: reached[topic]?.[partition] ?? 0,
        needed,
      }))
      .filter(({ position, needed }) => position < needed),
  );
}
