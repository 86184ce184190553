// At a claim: what was committed and not published is derived from the log and the identity table and published.
// The invariant: nothing is left out of a range that is published, unless an operator has let it go; else the partition halts.
import type { DataSource } from 'typeorm';
import { meteredEnd, type UsageDelta } from '#libs/events/metered-batch.js';
import { USAGE_METERED, USAGE_RECORDED } from '#libs/events/topics.js';
import { type EventLog, OffsetOutOfRange, type StoredRecord } from '#libs/log/event-log.js';
import { LOG_TRUNCATED } from '#libs/projection/decide.js';
import { PartitionHalt } from '#libs/projection/projection.js';
import { usageDelta } from '../domain/deltas.js';
import { interpret, type KeyedEvent } from '../domain/interpret.js';
import { Losses } from '../domain/losses.js';
import { sortOut } from '../domain/sort-out.js';
import type { AcceptedLosses } from '../store/accepted-losses.store.js';
import type { IdentityStore } from '../store/identity.store.js';
import { bookedAt } from '../store/usage-write.store.js';
import type { MeteredPublisher } from './metered-publisher.js';

/** A process that lost its partition can append at most two ranges late: the largest end of the tail is the covered one. */
const TAIL = 8;
const DERIVE_AT_ONCE = 1_000;

export interface RepairParts {
  readonly log: EventLog;
  readonly source: DataSource;
  readonly identities: IdentityStore;
  readonly losses: AcceptedLosses;
  readonly publisher: MeteredPublisher;
}

/** How far `usage.metered` goes, and since when it says so (epoch ms). */
interface Covered {
  readonly to: number;
  readonly at: number;
}

/** One claim of one partition, at a position. */
interface Claim {
  readonly partition: number;
  readonly position: number;
  readonly losses: Losses;
}

/** The way out of every halt of a repair: it tells what to accept. */
const accepting = (position: number): string =>
  `; accept-gap ${position}..${position - 1} goes on all the same`;

export class MeteredRepair {
  constructor(private readonly parts: RepairParts) {}

  /** Halts with `log_truncated` when more was published than committed, or when what must be published cannot be derived. */
  async repair(partition: number, position: number): Promise<void> {
    const losses = new Losses(await this.parts.losses.of(partition));
    const claim = { partition, position, losses };
    const covered = await this.covered(claim);
    // A database that was restored from a backup decides again; a copy on another partition may have won the first time.
    if (covered.to > position && !losses.letGo(position, covered.at))
      throw truncated(claim, `usage.metered covers up to ${covered.to}`);
    for (let to = covered.to; to < position;) to = await this.deriveOne(claim, to);
  }

  private async covered(claim: Claim): Promise<Covered> {
    const { partition, position, losses } = claim;
    const marks = await this.parts.log.watermarks(USAGE_METERED);
    const mark = marks.find((of) => of.partition === partition);
    if (!mark || mark.high === 0) return { to: 0, at: 0 };
    if (mark.low === mark.high) {
      if (losses.letGo(position, 0)) return { to: position, at: 0 };
      throw truncated(claim, 'usage.metered holds nothing that says what was published');
    }
    let covered = { to: 0, at: 0 };
    for (let from = Math.max(mark.low, mark.high - TAIL); from < mark.high;) {
      const records = await this.parts.log.read(USAGE_METERED, partition, from);
      if (records.length === 0) break;
      for (const { value, appendedAt } of records) {
        const to = meteredEnd(value);
        if (to > covered.to) covered = { to, at: appendedAt };
      }
      from = (records.at(-1)?.offset ?? from) + 1;
    }
    return covered;
  }

  /** Publishes some of what is missing from `from` on and gives where that ends. */
  private async deriveOne(claim: Claim, from: number): Promise<number> {
    const { partition, position } = claim;
    const records = await this.records(claim, from);
    const begins = records[0]?.offset ?? position;
    if (begins > from) {
      if (!claim.losses.cover({ from, to: begins }, position))
        throw truncated(claim, `usage.recorded has nothing at ${from}, nor up to ${begins}`);
      await this.parts.publisher.publish(
        { partition, first: from, next: begins },
        { events: [], rejected: [] },
      );
      return begins;
    }
    const next = (records.at(-1)?.offset ?? from) + 1;
    await this.publishAgain(claim, { first: from, next }, records);
    return next;
  }

  private async publishAgain(
    claim: Claim,
    { first, next }: { readonly first: number; readonly next: number },
    records: readonly StoredRecord[],
  ): Promise<void> {
    const { partition } = claim;
    const { identities, losses, publisher, source } = this.parts;
    const skip = await losses.quarantined(partition, { from: first, to: next });
    const entries = records.filter(({ offset }) => !skip.has(offset)).map(interpret);
    const keyed = entries.filter((entry) => entry.kind === 'event');
    const holders = await identities.holders(
      source,
      keyed.map(({ key }) => key),
    );
    const dropped = keyed.find(({ event, key }) => event.kind === 'recorded' && !holders.has(key));
    if (dropped && !claim.losses.cover({ from: first, to: next }, claim.position))
      throw truncated(claim, `the identity of offset ${dropped.offset} was dropped`);
    const corrections = keyed.flatMap(({ event, offset }) =>
      event.kind === 'recorded' ? [] : [offset],
    );
    const booked = await bookedAt(source.manager, partition, corrections);
    const deltas = (entry: KeyedEvent) => deltasOf(entry, booked);
    await publisher.publish(
      { partition, first, next },
      sortOut(entries, partition, { holders, deltasOf: deltas }),
    );
  }

  /** Contiguous records from `from` on, or, where it is gone, from the next one there is; none above the position. */
  private async records(claim: Claim, from: number): Promise<readonly StoredRecord[]> {
    const { partition, position } = claim;
    const options = { maxRecords: Math.min(DERIVE_AT_ONCE, position - from) };
    const read = async (at: number) => this.parts.log.read(USAGE_RECORDED, partition, at, options);
    const found = await read(from).catch(async (error: unknown) => {
      if (!(error instanceof OffsetOutOfRange)) throw error;
      return error.low > from && error.low < position ? read(error.low) : [];
    });
    const begins = found[0]?.offset ?? from;
    const end = found.findIndex(({ offset }, index) => offset !== begins + index);
    return found.slice(0, end < 0 ? found.length : end).filter(({ offset }) => offset < position);
  }
}

function truncated({ position }: Claim, what: string): PartitionHalt {
  const detail = `${what}, the position is ${position}${accepting(position)}`;
  return new PartitionHalt(LOG_TRUNCATED, detail);
}

function deltasOf(
  { event, offset }: KeyedEvent,
  booked: ReadonlyMap<number, UsageDelta[]>,
): readonly UsageDelta[] {
  return event.kind === 'recorded'
    ? [usageDelta(event.usage, event.at)]
    : (booked.get(offset) ?? []);
}
