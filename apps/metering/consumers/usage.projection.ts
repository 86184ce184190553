// Counts each event of `usage.recorded` once: identity first, then hours, then (after the commit) the range on `usage.metered`.
import type { EntityManager } from 'typeorm';
import { identityKey, UNORDERED_PREFIX } from '#libs/events/identity.js';
import type { UsageDelta } from '#libs/events/metered-batch.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import type { EventLog } from '#libs/log/event-log.js';
import type { FoldCounts, Projection, Slice } from '#libs/projection/projection.js';
import type { Metrics } from '#libs/telemetry/metrics.js';
import { dayOf } from '#libs/time/instant.js';
import { correctionDeltas, inOrder, usageDelta } from '../domain/deltas.js';
import { firstOfEach, type Holder } from '../domain/identity.js';
import { type Entry, interpret, type KeyedEvent } from '../domain/interpret.js';
import { seenSequences } from '../domain/sequences.js';
import { type SortedOut, sortOut } from '../domain/sort-out.js';
import { digestOf, foldHours } from '../domain/usage-hours.js';
import type { IdentityStore } from '../store/identity.store.js';
import { addRejected } from '../store/rejected-write.store.js';
import {
  addCorrection,
  addHours,
  addRepeats,
  addSequences,
  bookedFor,
} from '../store/usage-write.store.js';
import type { MeteredPublisher } from './metered-publisher.js';
import type { MeteredRepair } from './metered-repair.js';
import { originalDelta } from './originals.js';

export const USAGE_PROJECTION = 'metering.usage';

export interface UsageParts {
  readonly log: EventLog;
  readonly identities: IdentityStore;
  readonly publisher: MeteredPublisher;
  readonly repair: MeteredRepair;
  readonly metrics: Metrics;
}

/** The projection `metering.usage`. Per partition: records = counted + duplicates + parked. */
export function usageProjection(parts: UsageParts): Projection<SortedOut, Entry[]> {
  return {
    name: USAGE_PROJECTION,
    topics: [USAGE_RECORDED],
    // Distinct rows set the price of the upsert: 4,000 records cost Postgres 3.8 µs each where 2,000 cost 5.3. More than a fetch brings
    // (256 KiB packed) would not come together.
    maxRecords: 4_000,
    maxBytes: 2 << 20,
    async prepare(slice) {
      const entries = slice.records.map(interpret);
      await parts.identities.ensureDays(daysOf(entries));
      return entries;
    },
    fold: async (tx, slice, entries) => new SliceFold(parts, tx, slice, entries).run(),
    async afterCommit(slice, sorted) {
      report(parts.metrics, sorted);
      await parts.publisher.publish(slice, sorted);
    },
    onClaimed: async (at, nextOffset) => parts.repair.repair(at.partition, nextOffset),
  };
}

/** One slice in one transaction. */
class SliceFold {
  constructor(
    private readonly parts: UsageParts,
    private readonly tx: EntityManager,
    private readonly slice: Slice,
    private readonly entries: readonly Entry[],
  ) {}

  async run(): Promise<{ counts: FoldCounts; folded: SortedOut }> {
    const { tx, entries, slice } = this;
    const { partition } = slice;
    const keyed = entries.filter((entry) => entry.kind === 'event');
    const holders = await this.parts.identities.claim(tx, firstOfEach(keyed).values(), partition);
    const corrections = await this.bookCorrections(keyed, holders);
    const sorted = sortOut(entries, partition, {
      holders,
      deltasOf: (entry) => deltasOf(entry, corrections),
    });
    const hours = foldHours(sorted.events);
    await addHours(tx, hours);
    await addRepeats(tx, partition, sorted.repeats);
    const heardAt = entries.at(-1)?.record.appendedAt ?? 0;
    await addSequences(tx, seenSequences(keyed.map(({ event }) => event)), heardAt);
    const [digestA, digestB] = digestOf(hours);
    const { events, rejected } = sorted;
    // By way of the topic as well; here, so that who has waited for a position also finds what was parked at it.
    await addRejected(tx, rejected);
    const duplicates = sorted.repeats.length;
    const counts = {
      applied: events.length,
      duplicates,
      quarantined: rejected.length,
      digestA,
      digestB,
    };
    return { counts, folded: sorted };
  }

  // Corrections are few: each looks its original up, locked, and books the difference to what stands.
  private async bookCorrections(
    keyed: readonly KeyedEvent[],
    holders: Map<string, Holder>,
  ): Promise<Map<number, readonly UsageDelta[]>> {
    const { tx, slice, parts } = this;
    const booked = new Map<number, readonly UsageDelta[]>();
    for (const entry of keyed) {
      const { event, offset, key } = entry;
      const holder = holders.get(key);
      if (
        event.kind === 'recorded' ||
        holder?.partition !== slice.partition ||
        holder.offset !== offset
      )
        continue;
      const originalKey = identityKey(event.organization, event.original.source, event.original.id);
      const original = (await parts.identities.lockHolders(tx, [originalKey])).get(originalKey);
      const near = { partition: slice.partition, entries: this.entries };
      const added = original && (await originalDelta(parts.log, original, near));
      if (!added) {
        await parts.identities.release(tx, [key]);
        holders.delete(key);
        continue;
      }
      const before = [added, ...(await bookedFor(tx, originalKey))];
      const deltas = correctionDeltas(before, event.usage, added.at).map(inOrder);
      const { reason } = event.original;
      const row = { offset, key, originalKey, kind: event.kind, id: event.id, reason, deltas };
      await addCorrection(tx, slice.partition, row);
      booked.set(offset, deltas);
    }
    return booked;
  }
}

function deltasOf(
  entry: KeyedEvent,
  corrections: ReadonlyMap<number, readonly UsageDelta[]>,
): readonly UsageDelta[] {
  const { event, offset } = entry;
  return event.kind === 'recorded'
    ? [usageDelta(event.usage, event.at)]
    : (corrections.get(offset) ?? []);
}

function report({ events }: Metrics, sorted: SortedOut): void {
  events.inc({ outcome: 'counted' }, sorted.events.length);
  events.inc({ outcome: 'duplicate' }, sorted.repeats.length);
  for (const { reason } of sorted.rejected)
    events.inc({ outcome: reason === 'conflict' ? 'conflict' : 'rejected' });
}

// Ids that carry no time share a partition that is always there. A key begins with its id's time, and most of a slice is of one day.
function daysOf(entries: readonly Entry[]): Set<number> {
  const days = new Set<number>();
  for (const entry of entries) {
    if (entry.kind !== 'event' || entry.key.startsWith(UNORDERED_PREFIX)) continue;
    days.add(dayOf(Number.parseInt(entry.key.slice(0, 12), 16)));
  }
  return days;
}
