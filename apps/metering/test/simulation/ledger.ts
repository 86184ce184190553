// What nodes were told against what was counted and what a reader of `usage.metered` has: every difference is a fault.
import { followChain } from '#libs/projection/chain.js';
import { PartitionHalt } from '#libs/projection/projection.js';
import type { Partition, World } from './world.js';

/** The faults of a world that has come to rest; `chain` tells whether readers keep the next raw offset. */
export function readLedger(world: World, chain: boolean): string[] {
  const faults: string[] = [];
  const records = world.partitions.flatMap((partition) => partition.records);
  const stored = new Set(records.map(({ sent }) => sent.key));
  const poison = new Set(records.filter(({ sent }) => sent.isPoison).map(({ sent }) => sent.key));
  for (const { key } of world.acknowledged)
    if (!stored.has(key)) faults.push(`${key} was acknowledged and is not in the log`);
  for (const key of stored) {
    const times = world.counts.get(key)?.times ?? 0;
    if (times !== 1 && !poison.has(key)) faults.push(`${key} counted ${times} times`);
  }
  for (const partition of world.partitions) faults.push(...readPartition(partition, chain));
  return faults;
}

function readPartition(partition: Partition, chain: boolean): string[] {
  const { number, row, high, counted, repeated, parked } = partition;
  const faults: string[] = [];
  if (row.next !== high) faults.push(`partition ${number} stopped at ${row.next} of ${high}`);
  if (counted + repeated + parked !== row.next)
    faults.push(`partition ${number}: ${counted} + ${repeated} + ${parked} is not ${row.next}`);
  try {
    const read = eventsRead(partition, chain);
    if (read !== counted) faults.push(`reader of ${number} has ${read} of ${counted}`);
  } catch (error) {
    if (!(error instanceof PartitionHalt)) throw error;
    faults.push(`reader of ${number}: ${error.message}`);
  }
  return faults;
}

/** How many events a reader of `usage.metered` takes. */
function eventsRead({ number, published }: Partition, chain: boolean): number {
  let expected = 0;
  let read = 0;
  for (const { from, to, events } of published) {
    if (!chain) {
      read += events.length;
      continue;
    }
    const batch = { version: 1 as const, partition: number, from, to, events: events as never };
    const followed = followChain(expected, batch);
    read += followed.events.length;
    expected = followed.expected;
  }
  return read;
}
