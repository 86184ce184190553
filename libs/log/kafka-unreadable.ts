// Bytes of the log that cannot be read. A wire that errs is right the next time; a disk that errs is not, and then somebody has to know.
import type { BatchOutcome, ConsumeOptions } from './event-log.js';
import type { Place } from './kafka-places.js';
import type { CorruptRecords } from './record-set.js';

/** Fetches that brought the same: after waits of 0.5, 1 and 2 s. */
const TIMES = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/** What to do about a fetch that brought nothing but corrupt records: fetch again for a while, then ask the reader. */
export async function answerUnreadable(
  place: Place,
  { message }: CorruptRecords,
  { onUnreadable }: ConsumeOptions,
): Promise<BatchOutcome> {
  const { position: offset } = place;
  const times = place.unreadable?.offset === offset ? place.unreadable.times + 1 : 1;
  place.unreadable = { offset, times };
  const afterMs = Math.min(FIRST_WAIT_MS * 2 ** (times - 1), LONGEST_WAIT_MS);
  if (times < TIMES || !onUnreadable) return { kind: 'retry', afterMs };
  // Whoever resumes has mended something, or believes so: the next fetches count anew.
  place.unreadable = undefined;
  return onUnreadable({ ...place.at, offset, detail: message });
}
