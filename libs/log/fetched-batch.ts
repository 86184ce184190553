// What kafkajs hands to `eachBatch`: one partition's part of a fetch. In place of its own class, which makes two long integers of every
// record to leave out what lies before the offset that was asked for.
import type { CorruptRecords, FetchedRecord, FetchedRecords } from './record-set.js';

export interface PartitionData {
  readonly partition: number;
  readonly highWatermark: string;
  readonly abortedTransactions?:
    readonly { readonly producerId: string; readonly firstOffset: string }[] | null;
  readonly messages: FetchedRecords;
}

/** The methods and fields that kafkajs 2.2.4 asks of a batch; offsets leave it as texts, as kafkajs has them. */
export class FetchedBatch {
  readonly partition: number;
  readonly highWatermark: string;
  readonly rawMessages: readonly FetchedRecord[];
  /** From the offset that was asked for on: a compressed batch is given whole, from before it. */
  readonly messagesWithinOffset: readonly FetchedRecord[];
  /** Without what aborted transactions wrote and without control records: where they stood is a hole. */
  readonly messages: readonly FetchedRecord[];
  /** What stands behind the messages and cannot be read. */
  readonly corrupt: CorruptRecords | undefined;

  constructor(
    readonly topic: string,
    readonly fetchedOffset: string,
    data: PartitionData,
  ) {
    this.partition = data.partition;
    this.highWatermark = data.highWatermark;
    this.rawMessages = data.messages;
    this.corrupt = data.messages.corrupt;
    const from = Number(fetchedOffset);
    const before = this.rawMessages.findIndex(({ offset }) => offset >= from);
    this.messagesWithinOffset =
      before === 0 ? this.rawMessages : before < 0 ? [] : this.rawMessages.slice(before);
    this.messages = committed(this.messagesWithinOffset, data.abortedTransactions ?? []);
  }

  /** Not while there is something corrupt to be told of: kafkajs would fetch it again at once and for ever. */
  isEmpty(): boolean {
    return this.messages.length === 0 && this.corrupt === undefined;
  }

  isEmptyIncludingFiltered(): boolean {
    return this.messagesWithinOffset.length === 0;
  }

  isEmptyDueToFiltering(): boolean {
    return this.isEmpty() && this.rawMessages.length > 0;
  }

  isEmptyControlRecord(): boolean {
    return (
      this.isEmpty() &&
      this.messagesWithinOffset.some(({ transaction }) => transaction?.isControl === true)
    );
  }

  /** All that came lies before the offset that was asked for. */
  isEmptyDueToLogCompactedMessages(): boolean {
    return this.rawMessages.length > 0 && this.isEmptyIncludingFiltered();
  }

  firstOffset(): string | null {
    const [first] = this.messagesWithinOffset;
    return first === undefined ? null : String(first.offset);
  }

  lastOffset(): string {
    if (this.isEmptyDueToLogCompactedMessages()) return this.fetchedOffset;
    const last = this.messagesWithinOffset.at(-1);
    return String(last === undefined ? Number(this.highWatermark) - 1 : last.offset);
  }

  offsetLag(): string {
    return String(Number(this.highWatermark) - 1 - Number(this.lastOffset()));
  }

  offsetLagLow(): string {
    if (this.isEmptyIncludingFiltered()) return '0';
    return String(Number(this.highWatermark) - 1 - Number(this.firstOffset()));
  }
}

// An aborted transaction begins at its first offset and ends at its producer's next control record.
function committed(
  records: readonly FetchedRecord[],
  aborted: NonNullable<PartitionData['abortedTransactions']>,
): readonly FetchedRecord[] {
  if (records.every(({ transaction }) => transaction === undefined)) return records;
  const waiting = aborted.map(({ producerId, firstOffset }) => ({
    producerId,
    from: Number(firstOffset),
  }));
  const open = new Set<string>();
  return records.filter(({ offset, transaction }) => {
    while (waiting[0] !== undefined && offset >= waiting[0].from)
      open.add((waiting.shift() as (typeof waiting)[0]).producerId);
    if (transaction === undefined) return true;
    if (!transaction.isControl) return !open.has(transaction.producerId);
    open.delete(transaction.producerId);
    return false;
  });
}
