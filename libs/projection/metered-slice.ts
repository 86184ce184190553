// The records of `usage.metered` as their readers take them: whole batches of the partition that they stand in.
import { decodeMetered, type MeteredBatch } from '../events/metered-batch.js';
import { PartitionHalt, type Slice } from './projection.js';

/** Decodes a slice; halts with `undecodable_batch`, or `wrong_partition` when a batch says that it belongs elsewhere. */
export function decodeMeteredSlice({ partition, records }: Slice): MeteredBatch[] {
  return records.map(({ offset, value }) => {
    const batch = decodeOrHalt(offset, value);
    if (batch.partition === partition) return batch;
    throw new PartitionHalt(
      'wrong_partition',
      `offset ${offset} of partition ${partition} holds a batch of partition ${batch.partition}`,
    );
  });
}

function decodeOrHalt(offset: number, value: Buffer): MeteredBatch {
  try {
    return decodeMetered(value);
  } catch (error) {
    throw new PartitionHalt('undecodable_batch', `offset ${offset}: ${(error as Error).message}`);
  }
}
