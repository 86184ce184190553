// What the protocol's simulation is judged by: the rows, the position and what was published, after the last step.
import { followChain } from '../chain.js';
import { PartitionHalt } from '../projection.js';
import type { World } from './protocol-world.js';

export interface Verdict {
  /** Empty when nothing was lost, doubled, skipped or hidden. */
  readonly faults: readonly string[];
  readonly halt: string | undefined;
}

/** Compares what was folded and published with the log. */
export function judgeWorld({ row, folded, contents, published, high }: World): Verdict {
  const faults: string[] = [];
  for (let offset = 0; offset < row.next; offset++) {
    const times = folded.get(offset) ?? 0;
    if (times !== 1) faults.push(`offset ${offset} folded ${times} times`);
  }
  for (const offset of folded.keys())
    if (offset >= row.next) faults.push(`offset ${offset} folded beyond the row`);
  if (row.halt === undefined && row.next !== high) faults.push('stopped before the end');
  const eras = new Set([...contents.values()].map((value) => value.split(' ')[0]));
  if (eras.size > 1) faults.push('went on in a log that was replaced');
  faults.push(...readPublished(published));
  return { faults, halt: row.halt };
}

function readPublished(published: readonly { from: number; to: number }[]): string[] {
  try {
    let expected = 0;
    for (const { from, to } of published)
      expected = followChain(expected, {
        version: 1,
        partition: 0,
        from,
        to,
        events: [],
      }).expected;
    return [];
  } catch (error) {
    if (error instanceof PartitionHalt) return [`reader: ${error.message}`];
    throw error;
  }
}
