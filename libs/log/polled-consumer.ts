// Delivery for logs that are read by polling (embedded, memory): one loop per assigned partition, bounded concurrency.
// The invariant a caller must know: a partition's loop ends, its handler included, before `assign` lets go of it.
import {
  type BatchOutcome,
  type ConsumeOptions,
  type LogConsumer,
  PartitionRevoked,
  type StoredRecord,
  type TopicPartition,
} from './event-log.js';
import { keyOf } from './partition-key.js';
import { PartitionSlot } from './partition-slot.js';
import { Semaphore } from './semaphore.js';

/** What of a partition is there from an offset on: no records when the offset is at the end or outside. */
export interface Peek {
  readonly records: readonly StoredRecord[];
  readonly low: number;
  readonly high: number;
}

export interface PolledSource {
  peek(at: TopicPartition, from: number): Promise<Peek>;
  /** Resolves when the partition may have records from that offset on, or the signal is aborted. */
  untilReadable(at: TopicPartition, from: number, signal: AbortSignal): Promise<void>;
  commitHint(at: TopicPartition, offset: number): void;
  /** Leaves the group; running handlers have ended. */
  leave(): Promise<void>;
}

const STOP_GRACE_MS = 10_000;
const FAULT_PAUSE_MS = 200;
const DEFAULT_CONCURRENCY = 4;

export class PolledConsumer implements LogConsumer {
  private readonly slots = new Map<string, PartitionSlot>();
  private readonly paused = new Set<string>();
  private readonly turns: Semaphore;
  private ended = false;
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly options: ConsumeOptions,
    private readonly source: PolledSource,
  ) {
    this.turns = new Semaphore(options.concurrency ?? DEFAULT_CONCURRENCY);
  }

  /** Lets go of what is not in the new assignment and waits for its handlers. */
  async release(keep: readonly TopicPartition[] = []): Promise<void> {
    const kept = new Set(keep.map(keyOf));
    const gone = [...this.slots].filter(([key]) => !kept.has(key));
    for (const [key, slot] of gone) {
      slot.close();
      this.slots.delete(key);
    }
    await Promise.all(gone.map(([, slot]) => slot.ended));
  }

  /** Takes over a whole assignment, tells the reader, and delivers; what stays keeps its place, the rest starts at the oldest record. */
  async assign(partitions: readonly TopicPartition[]): Promise<void> {
    await this.release(partitions);
    if (this.ended) return;
    const fresh = partitions.filter((at) => !this.slots.has(keyOf(at)));
    for (const at of fresh) this.slots.set(keyOf(at), new PartitionSlot(at));
    for (const at of partitions) this.slots.get(keyOf(at))?.renew();
    if (!this.guarded(() => this.options.onAssigned(partitions))) return;
    for (const at of fresh) {
      const slot = this.slots.get(keyOf(at));
      if (slot) slot.ended = this.run(slot);
    }
  }

  seek(at: TopicPartition, offset: number): void {
    this.slots.get(keyOf(at))?.seek(offset);
  }

  pause(at: TopicPartition): void {
    this.paused.add(keyOf(at));
    this.slots.get(keyOf(at))?.hurry();
  }

  resume(at: TopicPartition): void {
    this.paused.delete(keyOf(at));
    this.slots.get(keyOf(at))?.hurry();
  }

  commitHint(at: TopicPartition, offset: number): void {
    this.source.commitHint(at, offset);
  }

  async stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    this.ended = true;
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_GRACE_MS);
    });
    await Promise.race([this.release(), grace]);
    clearTimeout(timer);
    await this.source.leave();
  }

  private async run(slot: PartitionSlot): Promise<void> {
    while (!slot.closed) {
      try {
        await this.step(slot);
      } catch {
        // The log cannot be read now: the same question is asked again, a partition never moves by itself.
        await slot.sleep(FAULT_PAUSE_MS);
      }
    }
  }

  private async step(slot: PartitionSlot): Promise<void> {
    if (this.paused.has(keyOf(slot.at))) return slot.sleep();
    if (slot.remainingDelay() > 0) return slot.sleep(slot.remainingDelay());
    // Taken before the question: what happens while it is answered ends the wait after it.
    const signal = slot.interruption();
    const { epoch, position } = slot;
    const { records, low, high } = await this.source.peek(slot.at, position);
    if (slot.closed || slot.epoch !== epoch) return;
    if (position < low || position > high) {
      // As Kafka's clients do: outside the log is the oldest record. The reader sees an offset it did not ask for.
      slot.position = low;
      return;
    }
    if (records.length === 0) return this.source.untilReadable(slot.at, position, signal);
    await this.turns.run(async () => this.deliver(slot, records, high));
  }

  private async deliver(
    slot: PartitionSlot,
    records: readonly StoredRecord[],
    high: number,
  ): Promise<void> {
    const { epoch } = slot;
    const isStale = () => slot.closed || this.ended || slot.epoch !== epoch;
    if (isStale() || slot.position !== records[0]?.offset) return;
    if (this.paused.has(keyOf(slot.at))) return;
    const heartbeat = async () => {
      if (slot.closed) throw new PartitionRevoked(slot.at);
    };
    try {
      const batch = { ...slot.at, records, high, heartbeat, isStale };
      const outcome = await this.options.onBatch(batch);
      // A seek or an assignment that came while the batch ran wins over the batch's own end.
      if (!isStale()) this.conclude(slot, outcome, (records.at(-1)?.offset ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof PartitionRevoked)) this.crash(error);
    }
  }

  private conclude(slot: PartitionSlot, outcome: BatchOutcome, next: number): void {
    if (outcome.kind === 'pause') this.pause(slot.at);
    if (outcome.kind === 'retry') slot.delay(outcome.afterMs);
    if (outcome.kind === 'seek') slot.seek(outcome.offset);
    if (outcome.kind === 'applied') slot.position = next;
  }

  private guarded(call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      this.crash(error);
      return false;
    }
  }

  private crash(error: unknown): void {
    this.ended = true;
    for (const slot of this.slots.values()) slot.close();
    // Others may have its partitions at once.
    this.source.leave().catch(() => undefined);
    this.options.onCrash(error instanceof Error ? error : new Error(String(error)));
  }
}
