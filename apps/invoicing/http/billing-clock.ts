// The time, and how long a month stays open after its end, as the doors of billing need them.
import type { Clock } from '#libs/time/instant.js';
import type { Period } from '#libs/time/month.js';
import { closableAt } from '../domain/closing.js';

export class BillingClock {
  constructor(
    private readonly clock: Clock,
    private readonly graceHours: number,
  ) {}

  now(): number {
    return this.clock();
  }

  /** Epoch ms from which a month may be billed. */
  closableAt(period: Period): number {
    return closableAt(period, this.graceHours);
  }
}
