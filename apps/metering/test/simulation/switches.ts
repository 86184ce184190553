// The rules of projection-protocol.md and kafkajs.md as switches, and the faults that they stand against. Only the simulation reads
// them: nothing that runs in production can turn a rule off.

/** What protects the count; all on is the protocol. */
export interface Switches {
  /** The position row is locked for the whole transaction. */
  readonly rowLock: boolean;
  /** The row moves only from the slice's first offset and under its epoch. */
  readonly compareAndSet: boolean;
  /** The first offset of a key wins. */
  readonly identity: boolean;
  /** Readers of `usage.metered` keep the next raw offset. */
  readonly chain: boolean;
  /** A claim publishes what was committed and not published. */
  readonly repair: boolean;
  /** After a publication that failed nothing later of the partition is published. */
  readonly stopAfterFailure: boolean;
  /** Each record names its partition (K3). */
  readonly explicitPartition: boolean;
  /** One request a partition in flight, its repetitions included (K1). */
  readonly oneInFlight: boolean;
  /** An answer that does not name the partition is no answer (K2, K4). */
  readonly replyCheck: boolean;
  /** A batch that does not begin at the position is not folded: fetch from there. */
  readonly seek: boolean;
  /** A record that is no event is parked alone. */
  readonly poisonIsolation: boolean;
}

export const ALL_ON: Switches = {
  rowLock: true,
  compareAndSet: true,
  identity: true,
  chain: true,
  repair: true,
  stopAfterFailure: true,
  explicitPartition: true,
  oneInFlight: true,
  replyCheck: true,
  seek: true,
  poisonIsolation: true,
};

/** What happens to the world; all on unless a barrier is tried alone. */
export interface Faults {
  /** Processes die, sleep while others take their partitions, and lose partitions at a new settling of the group. */
  readonly processes: boolean;
  /** A node sends an event again; some time later, with the same or another content. */
  readonly repeats: boolean;
  readonly poison: boolean;
  /** The broker's or Postgres's answer is lost, a leader moves. */
  readonly answers: boolean;
}

export const EVERY_FAULT: Faults = {
  processes: true,
  repeats: true,
  poison: true,
  answers: true,
};
