// What acknowledged events add to the control totals: the same figures that metering has for events that it counts.
import { type Digest, DigestSum } from './digest.js';
import { identityKey } from './identity.js';
import type { Quantity } from './quantities.js';
import type { UsageEvent } from './usage-event.js';

export interface RecordedTotals {
  /** Sum over all quantities. */
  readonly units: bigint;
  /** Two sums modulo 2^64 over (key, quantity, units) and (key, `requests`, 1); a voided event is its request alone. */
  readonly digest: Digest;
}

/** Units and digest of events as they were sent: a repeat adds them again, since the door cannot tell. */
export function recordedTotals(events: readonly UsageEvent[]): RecordedTotals {
  const sum = new DigestSum();
  const counter = new UnitSum();
  for (const event of events) {
    const key = identityKey(event.organization, event.source, event.id);
    sum.add(key, 'requests', 1);
    const quantities = event.usage?.quantities ?? {};
    for (const name in quantities) {
      const count = quantities[name as Quantity];
      if (!count) continue;
      sum.add(key, name, count);
      counter.add(count);
    }
  }
  return { units: counter.total(), digest: sum.digest() };
}

/** Sums counts as numbers while that is exact. */
class UnitSum {
  private whole = 0n;
  private part = 0;

  add(count: number): void {
    const next = this.part + count;
    if (Number.isSafeInteger(next)) this.part = next;
    else {
      this.whole += BigInt(this.part);
      this.part = count;
    }
  }

  total(): bigint {
    return this.whole + BigInt(this.part);
  }
}
