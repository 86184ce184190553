// One partition's way into the log: at most one send in flight, whatever waits meanwhile goes out as the next send (natural
// batching). The invariant a caller must know: a send that is late is still waited for before the next one of the partition
// starts, so that records never overtake each other; only its callers are told.
import {
  type Appended,
  LogBusy,
  LogUnavailable,
  type NewRecord,
  RecordTooLarge,
} from './event-log.js';
import type { ByteBudget } from './byte-budget.js';
import { MAX_BATCH_BYTES, sizeOf } from './record-size.js';

/**
 * Writes records as one batch, all or nothing, and gives the first one's offset. `isWanted` is false once no caller waits any
 * more: then it need not try again. It settles only when nothing of it can be repeated from this process.
 */
export type SendBatch = (records: readonly NewRecord[], isWanted: () => boolean) => Promise<number>;

export interface LaneOptions {
  readonly name: string;
  readonly send: SendBatch;
  readonly budget: ByteBudget;
  readonly deadlineMs: number;
}

interface Piece {
  readonly call: Call;
  readonly bytes: number;
  readonly records: readonly NewRecord[];
}

/** One call of `append`: its pieces go out in order, and one failed or late piece ends the whole call. */
class Call {
  settled = false;
  private first: number | undefined;
  private unsent: number;
  private readonly timer: NodeJS.Timeout;

  constructor(
    pieces: number,
    deadlineMs: number,
    private readonly settle: (outcome: Appended | Error) => void,
    onLate: () => void,
  ) {
    this.unsent = pieces;
    this.timer = setTimeout(onLate, deadlineMs);
  }

  written(firstOffset: number, count: number): void {
    this.first ??= firstOffset;
    this.unsent -= 1;
    if (this.unsent === 0) this.end({ firstOffset: this.first, nextOffset: firstOffset + count });
  }

  end(outcome: Appended | Error): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.settle(outcome);
  }
}

export class AppendLane {
  private queue: Piece[] = [];
  private draining: Promise<void> | undefined;

  constructor(private readonly options: LaneOptions) {}

  /** Rejects with LogBusy, LogUnavailable after the deadline, RecordTooLarge, or what `send` rejects with. */
  async append(records: readonly NewRecord[]): Promise<Appended> {
    const { name, budget, deadlineMs } = this.options;
    const cuts = cutBatches(records, name);
    const bytes = cuts.reduce((sum, cut) => sum + cut.bytes, 0);
    if (bytes > budget.limit)
      throw new RecordTooLarge(`an append of ${bytes} bytes never fits into ${budget.limit}`);
    if (!budget.take(bytes))
      throw new LogBusy(`${budget.used} bytes wait to be written, ${name} takes no more now`);
    return new Promise((resolve, reject) => {
      const settle = (outcome: Appended | Error) =>
        outcome instanceof Error ? reject(outcome) : resolve(outcome);
      const call = new Call(cuts.length, deadlineMs, settle, () => {
        this.fail(call, new LogUnavailable(`${name} did not answer within ${deadlineMs} ms`));
      });
      for (const cut of cuts) this.queue.push({ call, ...cut });
      this.draining ??= this.drain();
    });
  }

  /** Resolves when nothing is queued or in flight. */
  async idle(): Promise<void> {
    while (this.draining) await this.draining;
  }

  private async drain(): Promise<void> {
    for (let group = this.nextGroup(); group.length > 0; group = this.nextGroup())
      await this.sendGroup(group);
    this.draining = undefined;
  }

  private nextGroup(): Piece[] {
    let bytes = 0;
    let taken = 0;
    for (const piece of this.queue) {
      if (taken > 0 && bytes + piece.bytes > MAX_BATCH_BYTES) break;
      bytes += piece.bytes;
      taken += 1;
    }
    return this.queue.splice(0, taken);
  }

  private async sendGroup(group: readonly Piece[]): Promise<void> {
    try {
      const records = group.flatMap((piece) => piece.records);
      let next = await this.options.send(records, () => group.some(({ call }) => !call.settled));
      for (const piece of group) {
        piece.call.written(next, piece.records.length);
        next += piece.records.length;
      }
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      for (const { call } of group) this.fail(call, failure);
    } finally {
      for (const piece of group) this.options.budget.give(piece.bytes);
    }
  }

  /** Tells the caller, and drops what of the call has not been sent: a later piece without an earlier one would be a hole. */
  private fail(call: Call, error: Error): void {
    call.end(error);
    const dropped = this.queue.filter((piece) => piece.call === call);
    if (dropped.length === 0) return;
    this.queue = this.queue.filter((piece) => piece.call !== call);
    for (const piece of dropped) this.options.budget.give(piece.bytes);
  }
}

function cutBatches(
  records: readonly NewRecord[],
  name: string,
): { records: readonly NewRecord[]; bytes: number }[] {
  if (records.length === 0) throw new RangeError('an append holds at least one record');
  const cuts: { records: NewRecord[]; bytes: number }[] = [];
  for (const record of records) {
    const bytes = sizeOf(record);
    if (bytes > MAX_BATCH_BYTES)
      throw new RecordTooLarge(
        `a record of ${bytes} bytes for ${name} is above ${MAX_BATCH_BYTES}`,
      );
    const last = cuts.at(-1);
    if (last && last.bytes + bytes <= MAX_BATCH_BYTES) {
      last.records.push(record);
      last.bytes += bytes;
    } else cuts.push({ records: [record], bytes });
  }
  return cuts;
}
