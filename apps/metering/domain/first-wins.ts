// The rule of identity: of all records with one name the first that was written down counts, told by its position. A record is
// therefore judged the same way when it is read again, before or after a crash (design section 3).
import type { NamedEvent } from './named-event.js';

/** The row of the table `identity` that a key has. */
export interface Winner {
  readonly partition: number;
  readonly offset: number;
  readonly fingerprint: bigint;
}

/** A record that lost, and to whom. */
export interface Loser {
  readonly named: NamedEvent;
  readonly winner: Winner;
}

export interface Verdicts {
  /** Counts, in offset order. */
  readonly first: readonly NamedEvent[];
  /** Said again: same name, same content. */
  readonly repeats: readonly Loser[];
  /** Same name, other content: parked. */
  readonly conflicts: readonly Loser[];
}

/** Judges the events of one partition against the rows that their keys have; a key without a row is won by its first event here. */
export function judge(
  partition: number,
  named: readonly NamedEvent[],
  rows: ReadonlyMap<string, Winner>,
): Verdicts {
  const first: NamedEvent[] = [];
  const repeats: Loser[] = [];
  const conflicts: Loser[] = [];
  const seen = new Map<string, Winner>();
  for (const one of named) {
    const own: Winner = { partition, offset: one.offset, fingerprint: one.fingerprint };
    const winner = rows.get(one.key) ?? seen.get(one.key) ?? own;
    seen.set(one.key, winner);
    if (winner.partition === partition && winner.offset === one.offset) first.push(one);
    else if (winner.fingerprint === one.fingerprint) repeats.push({ named: one, winner });
    else conflicts.push({ named: one, winner });
  }
  return { first, repeats, conflicts };
}

/** The first event of each key, in key order: what is offered to the table. Sorted, so that two writers never wait in a circle. */
export function firstOfEach(named: readonly NamedEvent[]): NamedEvent[] {
  const byKey = new Map<string, NamedEvent>();
  for (const one of named) if (!byKey.has(one.key)) byKey.set(one.key, one);
  return [...byKey.values()].toSorted((left, right) => (left.key < right.key ? -1 : 1));
}
