// How much of the memory bodies may take while they are worked on, in bytes: of the process, and of one key, so that a key that
// sends a lot at once waits for itself and not the others for it.

export interface RoomLimits {
  readonly processBytes: number;
  readonly keyBytes: number;
  /** Bodies of one key at once, however small: a slow one holds a place too. */
  readonly keyBodies: number;
}

/** Who has no room left. */
export type Full = 'process' | 'key';

interface Held {
  bytes: number;
  bodies: number;
}

export class BodyRoom {
  private readonly keys = new Map<string, Held>();
  private used = 0;

  constructor(private readonly limits: RoomLimits) {}

  /** Bytes held by all keys. */
  get bytes(): number {
    return this.used;
  }

  /** A place for one more body of a key, or who has none left. */
  enter(key: string): BodyPlace | Full {
    const held = this.keys.get(key) ?? { bytes: 0, bodies: 0 };
    if (held.bodies >= this.limits.keyBodies) return 'key';
    this.keys.set(key, held);
    held.bodies += 1;
    return new BodyPlace(
      (bytes) => this.fullFor(held, bytes),
      (bytes) => this.take(held, bytes),
      (bytes) => this.leave(key, held, bytes),
    );
  }

  private fullFor(held: Held, bytes: number): Full | undefined {
    if (held.bytes + bytes > this.limits.keyBytes) return 'key';
    return this.used + bytes > this.limits.processBytes ? 'process' : undefined;
  }

  private take(held: Held, bytes: number): Full | undefined {
    const full = this.fullFor(held, bytes);
    if (full !== undefined) return full;
    held.bytes += bytes;
    this.used += bytes;
    return undefined;
  }

  private leave(key: string, held: Held, bytes: number): void {
    held.bytes -= bytes;
    held.bodies -= 1;
    this.used -= bytes;
    if (held.bodies === 0) this.keys.delete(key);
  }
}

/** What one body holds, until it leaves. */
export class BodyPlace {
  private bytes = 0;
  private isLeft = false;

  constructor(
    /** Who would be full with so many bytes more; holds nothing. */
    readonly fullFor: (bytes: number) => Full | undefined,
    private readonly taken: (bytes: number) => Full | undefined,
    private readonly left: (bytes: number) => void,
  ) {}

  /** Holds more bytes; or nothing more, and tells who is full. */
  take(bytes: number): Full | undefined {
    const full = this.taken(bytes);
    if (full === undefined) this.bytes += bytes;
    return full;
  }

  /** Gives all back, once. */
  leave(): void {
    if (this.isLeft) return;
    this.isLeft = true;
    this.left(this.bytes);
  }
}
