// The log, the row and what was published, as the protocol's simulation sees them.
import type { StoredRecord } from '../../log/event-log.js';

export type Random = () => number;

/** The same numbers in [0, 1) for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What all workers share. */
export class World {
  readonly row = {
    next: 0,
    epoch: 0,
    digest: null as bigint | null,
    halt: undefined as string | undefined,
  };
  readonly folded = new Map<number, number>();
  readonly contents = new Map<number, string>();
  readonly published: { from: number; to: number }[] = [];
  low = 0;
  records: StoredRecord[] = [];
  /** Rises when the log is replaced: then every record is another one. */
  era = 0;
  private end = 0;
  lockedBy: number | undefined;

  get high(): number {
    return this.low + this.records.length;
  }

  append(): void {
    const offset = this.high;
    this.records.push({ offset, key: null, value: this.value(offset), appendedAt: 0 });
  }

  read(from: number, count: number): StoredRecord[] {
    return from < this.low ? [] : this.records.slice(from - this.low, from - this.low + count);
  }

  /** What the readers of the published ranges have reached: the largest end. */
  publishedTo(): number {
    return this.end;
  }

  publish(range: { from: number; to: number }): void {
    this.published.push(range);
    this.end = Math.max(this.end, range.to);
  }

  replace(): void {
    this.era++;
    this.records = this.records.map((one) => ({ ...one, value: this.value(one.offset) }));
  }

  private value(offset: number): Buffer {
    return Buffer.from(`${this.era} ${offset}`);
  }
}

/** Stands for `recordDigest`. */
export const digestOf = (record: StoredRecord): bigint =>
  BigInt(`0x${record.value.toString('hex') || '0'}`);
