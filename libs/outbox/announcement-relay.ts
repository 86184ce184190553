// Moves announcements to the log, each exactly once and in the order in which they were written: one relay at a time, and before
// it appends (when it takes over, and after each failure, which may have left records behind) it reads what the log has got.
import type { Logger } from 'pino';
import type { DataSource, QueryRunner } from 'typeorm';
import type { EventLog, StoredRecord } from '../log/event-log.js';
import { partitionOf } from '../log/partition.js';
import {
  type Announcement,
  ANNOUNCEMENT_CHANNEL,
  announcementHeads,
  markAnnounced,
  pendingAnnouncements,
} from './announcement.store.js';
import { Relay } from './relay.js';

// "mban" in ASCII.
const RELAY_LOCK = 0x6d62616e;
const BATCH_ROWS = 200;

export interface AnnouncementRelayParts {
  readonly log: EventLog;
  readonly source: DataSource;
  readonly topics: readonly string[];
  readonly logger: Logger;
  /** How often to look for the lock, for rows whose notice was lost, and again after a failure; 250. */
  readonly everyMs?: number;
}

/** Its database needs `CreateAnnouncements…`. */
export class AnnouncementRelay extends Relay {
  constructor(private readonly parts: AnnouncementRelayParts) {
    const { source, everyMs } = parts;
    super('announcements', {
      source,
      lock: RELAY_LOCK,
      channel: ANNOUNCEMENT_CHANNEL,
      ...(everyMs !== undefined && { everyMs }),
    });
  }

  // Marks what an earlier relay appended and did not live to write down.
  async meet(runner: QueryRunner): Promise<void> {
    const { log, topics } = this.parts;
    for (const topic of topics) {
      const heads = await announcementHeads(runner.manager, topic);
      for (const { partition, low, high } of await log.watermarks(topic)) {
        let next = Math.max(heads.get(partition) ?? 0, low);
        while (next < high) {
          const records = await log.read(topic, partition, next);
          if (records.length === 0) break;
          next = (records.at(-1) as StoredRecord).offset + 1;
          const places = records.flatMap(({ value, offset }) => {
            const id = idOf(value);
            return id === undefined ? [] : [{ id, partition, offset }];
          });
          await markAnnounced(runner.manager, { topic, partition, next }, places);
        }
      }
    }
  }

  async move(runner: QueryRunner): Promise<number> {
    const { log, topics } = this.parts;
    const pending = await pendingAnnouncements(runner.manager, topics, BATCH_ROWS);
    for (const [topic, ofTopic] of Map.groupBy(pending, (one) => one.topic)) {
      const count = await log.partitionCount(topic);
      const byPartition = Map.groupBy(ofTopic, ({ key }) => partitionOf(key, count));
      for (const [partition, some] of byPartition)
        await this.append(runner, { topic, partition }, some);
    }
    return pending.length;
  }

  private async append(
    runner: QueryRunner,
    at: { readonly topic: string; readonly partition: number },
    some: readonly Announcement[],
  ): Promise<void> {
    const { topic, partition } = at;
    const { firstOffset, nextOffset } = await this.parts.log.append(topic, partition, some);
    const places = some.map(({ id }, index) => ({ id, partition, offset: firstOffset + index }));
    await markAnnounced(runner.manager, { ...at, next: nextOffset }, places);
  }

  protected report(error: Error): void {
    this.parts.logger.warn({ err: error }, 'announcements_wait_in_outbox');
  }
}

// A record that anybody else put there is none of ours.
function idOf(value: Buffer): string | undefined {
  try {
    const { id } = JSON.parse(value.toString('utf8')) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
