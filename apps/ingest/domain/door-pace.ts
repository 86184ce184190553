// How fast one key may send: two buckets that refill continuously, of requests and of bytes. A flood from one key is then
// refused before its bodies are read, and costs the others nothing but the reading of its headers.

export interface PaceLimits {
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Seconds of its rate that a key may use at once. */
const BURST_SECONDS = 2;
/** Keys that are remembered before those with nothing to remember are dropped. */
const REMEMBERED = 10_000;

interface Used {
  requests: number;
  bytes: number;
  /** Epoch ms of both figures. */
  at: number;
}

export class DoorPace {
  private readonly keys = new Map<string, Used>();

  constructor(private readonly limits: PaceLimits) {}

  /** Takes one request of a key at an instant (epoch ms): 0 when it may come in, else the whole seconds to wait, from 1 up. */
  enter(key: string, now: number): number {
    const used = this.refilled(key, now);
    const { requestsPerSecond, bytesPerSecond } = this.limits;
    const requests = used.requests + 1 - requestsPerSecond * BURST_SECONDS;
    const bytes = used.bytes - bytesPerSecond * BURST_SECONDS;
    const wait = Math.max(requests / requestsPerSecond, bytes / bytesPerSecond);
    if (wait > 0) return Math.ceil(wait);
    used.requests++;
    return 0;
  }

  /** Adds the bytes of a body once they are known; they hold back the requests after it. */
  carry(key: string, bytes: number, now: number): void {
    this.refilled(key, now).bytes += bytes;
  }

  /** Adds requests that a body was worth beyond its own; they hold back those after it. */
  waste(key: string, requests: number, now: number): void {
    this.refilled(key, now).requests += requests;
  }

  private refilled(key: string, now: number): Used {
    const known = this.keys.get(key);
    if (!known) return this.remember(key, now);
    // A clock that steps back refills nothing.
    const seconds = Math.max(0, now - known.at) / 1_000;
    known.requests = Math.max(0, known.requests - seconds * this.limits.requestsPerSecond);
    known.bytes = Math.max(0, known.bytes - seconds * this.limits.bytesPerSecond);
    known.at = now;
    return known;
  }

  private remember(key: string, now: number): Used {
    if (this.keys.size >= REMEMBERED)
      for (const other of this.keys.keys()) {
        const { requests, bytes } = this.refilled(other, now);
        if (requests === 0 && bytes === 0) this.keys.delete(other);
      }
    const used: Used = { requests: 0, bytes: 0, at: now };
    this.keys.set(key, used);
    return used;
  }
}
