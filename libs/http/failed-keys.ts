// How many wrong keys an address may send: a bucket that refills continuously. A secret of 190 bits is not guessed; what this
// bounds is the work that wrong keys cause, and the noise.
import type { Clock } from '../time/instant.js';

export interface FailureLimits {
  /** Wrong keys that an address may send at once. */
  readonly burst: number;
  /** And then in a second. */
  readonly perSecond: number;
}

/** A whole fleet that was given a wrong key is told so 300 times before it is told to wait. */
export const FAILURES: FailureLimits = { burst: 300, perSecond: 10 };

interface Failures {
  count: number;
  /** Epoch ms. */
  at: number;
}

/** Remembers the addresses of wrong keys: 10,000 of them, those that failed last. */
export class FailedKeys {
  private readonly addresses = new Map<string, Failures>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: FailureLimits = FAILURES,
    private readonly remembered = 10_000,
  ) {}

  /** Addresses that are remembered. */
  get size(): number {
    return this.addresses.size;
  }

  /** 0 while the address may fail again, else the whole seconds until it may, from 1 up. */
  wait(address: string): number {
    const failures = this.addresses.get(address);
    if (failures === undefined) return 0;
    const { burst, perSecond } = this.limits;
    const over = this.leaked(failures) + 1 - burst;
    return over > 0 ? Math.ceil(over / perSecond) : 0;
  }

  /** Notes one wrong key. */
  failed(address: string): void {
    const failures = this.addresses.get(address);
    const count = failures === undefined ? 0 : this.leaked(failures);
    // The last one in the map failed last; a flood does not lengthen its own wait beyond its bucket.
    this.addresses.delete(address);
    this.addresses.set(address, {
      count: Math.min(count + 1, this.limits.burst),
      at: this.clock(),
    });
    if (this.addresses.size <= this.remembered) return;
    const [oldest] = this.addresses.keys();
    this.addresses.delete(oldest as string);
  }

  // A clock that steps back refills nothing.
  private leaked({ count, at }: Failures): number {
    const seconds = Math.max(0, this.clock() - at) / 1_000;
    return Math.max(0, count - seconds * this.limits.perSecond);
  }
}
