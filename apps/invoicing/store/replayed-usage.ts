// One organization's usage hours, summed from metered events: what `usage_hour` holds, made without it.
import type { MeteredEvent } from '#libs/events/metered-batch.js';
import type { ServiceTier } from '#libs/events/quantities.js';
import type { UsageRow } from '#libs/rating/usage-row.js';
import type { Period } from '#libs/time/month.js';
import { type HourSum, sumHours } from '#libs/usage/usage-hours.js';

export class ReplayedUsage {
  /** How many events were added. */
  events = 0;
  private readonly sums = new Map<string, HourSum>();

  /** Adds events of one organization. */
  add(events: readonly MeteredEvent[]): void {
    this.events += events.length;
    for (const sum of sumHours(events).sums) {
      const { hour, model, serviceTier, adapter, context, quantity } = sum;
      const key = [hour, model, serviceTier, adapter, context, quantity].join('\0');
      const known = this.sums.get(key);
      if (!known) {
        this.sums.set(key, sum);
        continue;
      }
      known.units += sum.units;
      known.events += sum.events;
      known.digestA += sum.digestA;
      known.digestB += sum.digestB;
    }
  }

  /** The hours of [from, to), `requests` rows included; digests modulo 2^64. */
  rowsOf({ from, to }: Period): UsageRow[] {
    return [...this.sums.values()]
      .filter(({ hour }) => hour >= from && hour < to)
      .map((sum) => ({
        hour: sum.hour,
        model: sum.model,
        serviceTier: sum.serviceTier as ServiceTier,
        adapter: sum.adapter || null,
        context: sum.context,
        quantity: sum.quantity as UsageRow['quantity'],
        units: sum.units,
        events: BigInt(sum.events),
        digestA: BigInt.asUintN(64, sum.digestA),
        digestB: BigInt.asUintN(64, sum.digestB),
      }));
  }
}
