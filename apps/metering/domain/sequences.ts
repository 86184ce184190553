// Which sequence numbers of a source were seen: half-open ranges, as Postgres's int8multirange reads them.

/** A source and the numbers of it that a slice holds. */
export interface SeenSequences {
  readonly source: string;
  /** `{[1,4),[7,8)}` */
  readonly ranges: string;
}

// int8 ends here; a counter that is further on is not kept.
const LARGEST = 2n ** 63n - 2n;

/** Groups numbers by source and joins neighbours: 1 2 3 7 → {[1,4),[7,8)}. */
export function seenSequences(
  seen: Iterable<{ readonly source: string; readonly sequence: bigint | null }>,
): SeenSequences[] {
  const bySource = new Map<string, bigint[]>();
  for (const { source, sequence } of seen) {
    if (sequence === null || sequence > LARGEST) continue;
    const known = bySource.get(source);
    if (known) known.push(sequence);
    else bySource.set(source, [sequence]);
  }
  return [...bySource].map(([source, sequences]) => ({ source, ranges: multirange(sequences) }));
}

function multirange(sequences: bigint[]): string {
  const ranges: { from: bigint; to: bigint }[] = [];
  for (const sequence of sequences.toSorted((left, right) =>
    left < right ? -1 : left > right ? 1 : 0,
  )) {
    const last = ranges.at(-1);
    if (last && sequence <= last.to) last.to = sequence < last.to ? last.to : sequence + 1n;
    else ranges.push({ from: sequence, to: sequence + 1n });
  }
  return `{${ranges.map(({ from, to }) => `[${from},${to})`).join(',')}}`;
}
