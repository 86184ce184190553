// Everything that is known about one event: its place in the log, copies, corrections, and what the log says there.
import type { DataSource } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { rows } from '#libs/database/database.js';
import { identityKey } from '#libs/events/identity.js';
import type { UsageDelta } from '#libs/events/metered-batch.js';
import type { LogPosition } from '#libs/events/rejection.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import type { UsageEvent } from '#libs/events/usage-event.js';
import { type EventLog, OffsetOutOfRange } from '#libs/log/event-log.js';
import type { Terms } from '#libs/rating/price-book.js';
import { interpret, type RawRecord } from '../domain/interpret.js';

/** What names an event. */
export interface EventName {
  readonly organization: string;
  readonly source: string;
  readonly id: string;
}

export interface CorrectionRow {
  readonly position: LogPosition;
  readonly key: string;
  readonly kind: 'voided' | 'corrected';
  readonly id: string;
  readonly reason: string;
  readonly deltas: readonly UsageDelta[];
}

export interface CountedEvent {
  readonly position: LogPosition;
  /** undefined when the log no longer has the record. */
  readonly record: RawRecord | undefined;
  readonly event: UsageEvent | undefined;
  /** At most `MOST_REPEATS`, by partition and offset. */
  readonly repeats: readonly LogPosition[];
  readonly repeatCount: number;
  /** Corrections of this event, by partition and offset. */
  readonly corrections: readonly CorrectionRow[];
  /** What the event itself booked for another, when it is a correction. */
  readonly applied: CorrectionRow | undefined;
}

/** A node that sends in a circle must not make one answer endless. */
export const MOST_REPEATS = 1_000;

interface Place {
  partition: number;
  offset: string;
}

type CorrectionLine = Omit<CorrectionRow, 'position'> & Place;

const CORRECTIONS =
  'SELECT partition, "offset", key, kind, id, reason, deltas FROM correction WHERE';

export interface EventQueryParts {
  readonly source: DataSource;
  readonly log: EventLog;
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
}

export class EventQueryStore {
  constructor(private readonly parts: EventQueryParts) {}

  /** undefined: no event of this name was counted, or so long ago that its identity was dropped. */
  async find(name: EventName): Promise<CountedEvent | undefined> {
    const { source } = this.parts;
    const key = [identityKey(name.organization, name.source, name.id)];
    const [place] = await rows<Place>(
      source,
      'SELECT partition, "offset" FROM identity WHERE key = $1::uuid',
      key,
    );
    if (!place) return undefined;
    const repeats = await rows<Place & { total: string }>(
      source,
      `SELECT partition, "offset", count(*) OVER () AS total FROM repeat WHERE key = $1::uuid
       ORDER BY partition, "offset" LIMIT ${MOST_REPEATS}`,
      key,
    );
    const corrections = await rows<CorrectionLine>(
      source,
      `${CORRECTIONS} original_key = $1::uuid ORDER BY partition, "offset"`,
      key,
    );
    const [applied] = await rows<CorrectionLine>(source, `${CORRECTIONS} key = $1::uuid`, key);
    const record = await this.read(positionOf(place));
    const entry = record && interpret(record);
    return {
      position: positionOf(place),
      record,
      event: entry?.kind === 'event' ? entry.event : undefined,
      repeats: repeats.map(positionOf),
      repeatCount: Number(repeats[0]?.total ?? 0),
      corrections: corrections.map(toCorrection),
      applied: applied && toCorrection(applied),
    };
  }

  /** undefined: the organization is not registered. */
  async termsOf(organization: string): Promise<Terms | undefined> {
    const account = await this.parts.accounts.find(organization);
    return account && { account, catalogs: await this.parts.catalogs.versions() };
  }

  private async read({ topic, partition, offset }: LogPosition): Promise<RawRecord | undefined> {
    try {
      const [record] = await this.parts.log.read(topic, partition, offset, { maxRecords: 1 });
      return record?.offset === offset ? record : undefined;
    } catch (error) {
      if (error instanceof OffsetOutOfRange) return undefined;
      throw error;
    }
  }
}

function positionOf({ partition, offset }: Place): LogPosition {
  return { topic: USAGE_RECORDED, partition, offset: Number(offset) };
}

function toCorrection({ partition, offset, key, ...line }: CorrectionLine): CorrectionRow {
  return {
    ...line,
    key: key.replaceAll('-', ''),
    position: positionOf({ partition, offset }),
  };
}
