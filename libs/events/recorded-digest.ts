// What one acknowledged event adds to the control totals: the same figures that metering has for an event that it counts.
import { quantityHash, type Digest } from './digest.js';
import { identityKey } from './identity.js';
import type { Quantity } from './quantities.js';
import type { UsageEvent } from './usage-event.js';

export interface RecordedTotals {
  /** Sum over all quantities. */
  readonly units: bigint;
  /** Two sums modulo 2^64 over (key, quantity, units) and (key, `requests`, 1); a voided event is its request alone. */
  readonly digest: Digest;
}

/** Units and digest of one event as it was sent: a repeat adds them again, since the door cannot tell. */
export function recordedTotals(event: UsageEvent): RecordedTotals {
  const key = identityKey(event.organization, event.source, event.id);
  let units = 0n;
  let [a, b] = quantityHash(key, 'requests', 1);
  const quantities = event.usage?.quantities ?? {};
  for (const name in quantities) {
    const count = quantities[name as Quantity];
    if (!count) continue;
    const [hashA, hashB] = quantityHash(key, name, count);
    units += BigInt(count);
    a += hashA;
    b += hashB;
  }
  return { units, digest: [BigInt.asUintN(64, a), BigInt.asUintN(64, b)] };
}
