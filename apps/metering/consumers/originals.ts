// The events that corrections name: found by identity, read from the log by position.
import { type EventLog, OffsetOutOfRange, type StoredRecord } from '#libs/log/event-log.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import type { UsageDelta } from '#libs/events/metered-batch.js';
import type { Holder } from '../domain/identity.js';
import { usageDelta } from '../domain/deltas.js';
import { type Entry, interpret } from '../domain/interpret.js';

/** What an original added when it was counted; undefined when what stands there is not a usage event, or the log has lost it. */
export async function originalDelta(
  log: EventLog,
  holder: Holder,
  slice: { readonly partition: number; readonly entries: readonly Entry[] },
): Promise<UsageDelta | undefined> {
  const near =
    holder.partition === slice.partition
      ? slice.entries.find(({ offset }) => offset === holder.offset)
      : undefined;
  const entry = near ?? (await readEntry(log, holder));
  if (entry?.kind !== 'event' || entry.event.kind !== 'recorded') return undefined;
  return usageDelta(entry.event.usage, entry.event.at);
}

async function readEntry(log: EventLog, { partition, offset }: Holder): Promise<Entry | undefined> {
  const record = await recordAt(log, partition, offset);
  return record?.offset === offset ? interpret(record) : undefined;
}

async function recordAt(
  log: EventLog,
  partition: number,
  offset: number,
): Promise<StoredRecord | undefined> {
  try {
    return (await log.read(USAGE_RECORDED, partition, offset, { maxRecords: 1 }))[0];
  } catch (error) {
    // Retention has taken it: what its correction would book cannot be known any more.
    if (error instanceof OffsetOutOfRange) return undefined;
    throw error;
  }
}
