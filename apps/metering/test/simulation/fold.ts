// One slice in one transaction of the modelled database, by the decisions that production takes: who holds a key, what counts.
import { type Cut, judgeLock } from '#libs/projection/decide.js';
import { firstOfEach, type Holder, judge } from '../../domain/identity.js';
import type { KeyedEvent } from '../../domain/interpret.js';
import type { Switches } from './switches.js';
import type { Partition, Published, Random, RawRecord, World } from './world.js';

export interface FoldParts {
  readonly world: World;
  readonly random: Random;
  readonly switches: Switches;
  /** Whether answers of the database are lost. */
  readonly errs: boolean;
}

/** A session: the server ends it when its process dies, or sleeps too long inside a transaction. */
export interface Session {
  transaction: number | undefined;
}

export interface Own {
  readonly partition: Partition;
  readonly epoch: number;
}

/** Undefined: nothing is known to have happened, and the partition is claimed again. */
export function* foldSlice(
  parts: FoldParts,
  session: Session,
  { partition, epoch }: Own,
  cut: Cut,
): Generator<void, Published | undefined> {
  const { world, switches } = parts;
  const transaction = world.begin();
  session.transaction = transaction;
  const mine = { first: cut.first, epoch };
  if (switches.rowLock) yield* lock(partition, transaction, session);
  const { row } = partition;
  if (switches.rowLock || switches.compareAndSet) {
    if (judgeLock({ nextOffset: row.next, epoch: row.epoch }, mine) !== 'go')
      return end(world, session);
  }
  yield;
  const records = cut.records as readonly RawRecord[];
  const holders = yield* offer({ world, session, transaction }, partition, records);
  const sorted = sortSlice(switches, partition, records, holders);
  yield;
  if (switches.compareAndSet) {
    yield* lock(partition, transaction, session);
    if (session.transaction !== transaction) return undefined;
    if (row.next !== cut.first || row.epoch !== epoch) {
      world.vain += 1;
      return end(world, session);
    }
    yield;
  }
  const carriedOut = session.transaction === transaction && !(parts.errs && parts.random() < 0.02);
  if (!carriedOut) return end(world, session);
  commit(world, partition, transaction, sorted);
  row.next = cut.next;
  end(world, session);
  if (parts.errs && parts.random() < 0.02) return undefined;
  return { from: cut.first, to: cut.next, events: sorted.events };
}

/** Waits for the row; a session that ended meanwhile gets nothing. */
export function* lock(
  partition: Partition,
  transaction: number,
  session: Session,
): Generator<void> {
  while (partition.lockedBy !== undefined && partition.lockedBy !== transaction) yield;
  if (session.transaction === transaction) partition.lockedBy = transaction;
}

/** Ends a transaction without its effect; nothing is left to undo where it was committed. */
export function end(world: World, session: Session): undefined {
  if (session.transaction !== undefined) world.rollBack(session.transaction);
  session.transaction = undefined;
  return undefined;
}

interface Sorted {
  readonly events: Published['events'];
  readonly repeated: number;
  readonly parked: number;
}

/** What counts of these records, once it is known who holds each key; the same before and after a crash. */
export function sortSlice(
  switches: Switches,
  { number }: Partition,
  records: readonly RawRecord[],
  holders: ReadonlyMap<string, Holder>,
): Sorted {
  const events: Published['events'][number][] = [];
  let repeated = 0;
  let parked = 0;
  for (const record of records) {
    const { offset, sent } = record;
    if (sent.isPoison) {
      parked += 1;
      if (switches.poisonIsolation) continue;
      break;
    }
    const entry = keyed(record);
    const own = { partition: number, offset, fingerprint: entry.fingerprint };
    const holder = switches.identity ? holders.get(sent.key) : own;
    const verdict = judge(entry, number, holder).kind;
    if (verdict === 'counted') events.push({ offset, sent });
    else if (verdict === 'duplicate') repeated += 1;
    else parked += 1;
  }
  return { events, repeated, parked };
}

/** The keys of a slice, sorted, each waiting for a transaction that holds it uncommitted. */
function* offer(
  {
    world,
    session,
    transaction,
  }: { readonly world: World; readonly session: Session; readonly transaction: number },
  partition: Partition,
  records: readonly RawRecord[],
): Generator<void, Map<string, Holder>> {
  const first = firstOfEach(records.filter(({ sent }) => !sent.isPoison).map(keyed));
  const holders = new Map<string, Holder>();
  for (const key of [...first.keys()].toSorted()) {
    const { offset, fingerprint } = first.get(key) as KeyedEvent;
    for (let row = world.identity.get(key); row?.by !== undefined && row.by !== transaction;) {
      yield;
      row = world.identity.get(key);
    }
    if (session.transaction !== transaction) return holders;
    const held = world.identity.get(key);
    const holder = held?.holder ?? { partition: partition.number, offset, fingerprint };
    if (!held) world.identity.set(key, { holder, by: transaction });
    holders.set(key, holder);
  }
  return holders;
}

/** The little of a keyed event that the decisions look at. */
export function keyed({ offset, sent }: RawRecord): KeyedEvent {
  return { offset, key: sent.key, fingerprint: BigInt(sent.content) } as KeyedEvent;
}

function commit(world: World, partition: Partition, transaction: number, sorted: Sorted): void {
  for (const row of world.identity.values()) if (row.by === transaction) row.by = undefined;
  for (const { sent } of sorted.events) {
    const times = (world.counts.get(sent.key)?.times ?? 0) + 1;
    world.counts.set(sent.key, { times, content: sent.content });
  }
  partition.counted += sorted.events.length;
  partition.repeated += sorted.repeated;
  partition.parked += sorted.parked;
}
