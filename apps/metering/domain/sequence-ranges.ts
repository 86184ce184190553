// Which numbers of a source's contiguous counter were seen, as half-open ranges.
import type { NamedEvent } from './named-event.js';

/** from ≤ n < to. */
export interface NumberRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** The events' sequence numbers by source, merged: 3, 1, 2 and 7 are [1, 4) and [7, 8). Sources in order. */
export function sequencesOf(named: readonly NamedEvent[]): [source: string, NumberRange[]][] {
  const bySource = new Map<string, bigint[]>();
  for (const { event } of named) {
    if (event.sequence === null) continue;
    const numbers = bySource.get(event.source);
    if (numbers) numbers.push(event.sequence);
    else bySource.set(event.source, [event.sequence]);
  }
  return [...bySource]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([source, numbers]) => [source, ranges(numbers)]);
}

function ranges(numbers: readonly bigint[]): NumberRange[] {
  const merged: { from: bigint; to: bigint }[] = [];
  for (const number of numbers.toSorted(compare)) {
    const last = merged.at(-1);
    if (!last || number > last.to) merged.push({ from: number, to: number + 1n });
    else if (number === last.to) last.to = number + 1n;
  }
  return merged;
}

function compare(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
