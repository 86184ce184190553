import type { Appended, NewRecord, ReadOptions, StoredRecord } from '../log/event-log.js';

const MEBIBYTE = 1 << 20;

/** One partition of the log in memory. */
export class MemoryPartition {
  low = 0;
  private records: StoredRecord[] = [];
  private readonly watchers = new Set<() => void>();

  get high(): number {
    return this.low + this.records.length;
  }

  append(added: readonly NewRecord[], appendedAt: number): Appended {
    const firstOffset = this.high;
    // Bytes are copied: what a caller does to its buffer later must not change the log.
    for (const { key, value } of added)
      this.records.push({ offset: this.high, key, value: Buffer.from(value), appendedAt });
    for (const wake of this.watchers) wake();
    return { firstOffset, nextOffset: this.high };
  }

  slice(from: number, { maxRecords = 10_000, maxBytes = MEBIBYTE }: ReadOptions): StoredRecord[] {
    const found: StoredRecord[] = [];
    let bytes = 0;
    if (from < this.low) return found;
    for (const record of this.records.slice(from - this.low, from - this.low + maxRecords)) {
      bytes += record.value.length;
      if (found.length > 0 && bytes > maxBytes) break;
      found.push(record);
    }
    return found;
  }

  truncateBefore(low: number): void {
    this.records = this.records.slice(low - this.low);
    this.low = low;
  }

  async untilReadable(from: number, signal: AbortSignal): Promise<void> {
    if (this.high > from || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        this.watchers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.watchers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
