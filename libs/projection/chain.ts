// Readers of `usage.metered` keep, per raw partition, the next raw offset that they expect (design section 3, the chain).
// The invariant: an event is given out once, and a range that starts above what is expected is a hole and halts.
import type { EntityManager } from 'typeorm';
import type { MeteredBatch, MeteredEvent } from '../events/metered-batch.js';
import { rows } from '../database/database.js';
import { PartitionHalt } from './projection.js';

/** The reason of a halt that `accept-gap` leaves by moving the chain position, not the topic's. */
export const CHAIN_HOLE = 'chain_hole';

/** What a reader at `expected` takes from a batch: range [0, 10) read at 4 gives the events from offset 4 on and expects 10 next. */
export function followChain(
  expected: number,
  batch: MeteredBatch,
): { readonly expected: number; readonly events: readonly MeteredEvent[] } {
  if (batch.from > expected)
    throw new PartitionHalt(
      CHAIN_HOLE,
      `raw offsets ${expected} to ${batch.from - 1} of partition ${batch.partition} are missing before [${batch.from}, ${batch.to})`,
    );
  if (batch.to <= expected) return { expected, events: [] };
  if (batch.from === expected) return { expected: batch.to, events: batch.events };
  return {
    expected: batch.to,
    events: batch.events.filter((event) => event.offset >= expected),
  };
}

/** The events of one batch that this projection has not seen yet; see `unseenEventsOf`. */
export async function unseenEvents(
  tx: EntityManager,
  projection: string,
  batch: MeteredBatch,
): Promise<readonly MeteredEvent[]> {
  return unseenEventsOf(tx, projection, [batch]);
}

/**
 * The events of these batches (one raw partition, in log order) that this projection has not seen yet. Locks and advances the
 * chain position in the caller's transaction: two statements, however many batches. PartitionHalt `chain_hole` on a hole.
 */
export async function unseenEventsOf(
  tx: EntityManager,
  projection: string,
  batches: readonly MeteredBatch[],
): Promise<readonly MeteredEvent[]> {
  const [first] = batches;
  if (first === undefined) return [];
  const { partition } = first;
  const before = await lockChain(tx, projection, partition);
  let expected = before;
  const unseen: MeteredEvent[] = [];
  for (const batch of batches) {
    if (batch.partition !== partition)
      throw new RangeError(`batches of partitions ${partition} and ${batch.partition} in one call`);
    const followed = followChain(expected, batch);
    expected = followed.expected;
    for (const event of followed.events) unseen.push(event);
  }
  if (expected !== before)
    await tx.query(
      'UPDATE chain_position SET next_offset = $3 WHERE projection = $1 AND partition = $2',
      [projection, partition, expected],
    );
  return unseen;
}

async function lockChain(
  tx: EntityManager,
  projection: string,
  partition: number,
): Promise<number> {
  const lock = async (): Promise<{ next_offset: string }[]> =>
    rows(
      tx,
      'SELECT next_offset FROM chain_position WHERE projection = $1 AND partition = $2 FOR UPDATE',
      [projection, partition],
    );
  const [row] = await lock();
  if (row !== undefined) return Number(row.next_offset);
  await tx.query('INSERT INTO chain_position VALUES ($1, $2, 0) ON CONFLICT DO NOTHING', [
    projection,
    partition,
  ]);
  const [inserted] = await lock();
  return Number(inserted?.next_offset ?? 0);
}
