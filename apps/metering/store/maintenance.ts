// Upkeep of metering's tables, beside the projections: days of the identity table, compaction of sequences.
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { type Clock, DAY_MS, dayOf } from '#libs/time/instant.js';
import type { IdentityStore } from './identity.store.js';

/** The window is 35 days and a reader may be at most a day behind it (`isCurrent`): from day 37 on nothing can repeat. */
const KEEP_DAYS = 37;
const COMPACT_ABOVE_ROWS = 16;
const EVERY_MS = 10_000;

export interface MaintenanceParts {
  readonly source: DataSource;
  readonly identities: IdentityStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class Maintenance {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: MaintenanceParts) {}

  /** Nest calls it before the projections start: runs now and then every 10 s; a failure is logged and tried again. */
  async onModuleInit(): Promise<void> {
    await this.run();
    this.timer = setInterval(() => void this.run(), EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async run(): Promise<void> {
    const { source, identities, clock, logger } = this.parts;
    try {
      const today = dayOf(clock());
      await identities.ensureDays([today - DAY_MS, today, today + DAY_MS]);
      await compactSequences(source);
      await dropOldDays(this.parts, await isCurrent(source, clock()));
    } catch (error) {
      logger.warn({ err: error }, 'upkeep failed and is tried again');
    }
  }
}

/** Drops the days that are past the window, unless a partition is so far behind that it could still hold such events. */
export async function dropOldDays(
  { identities, clock }: Pick<MaintenanceParts, 'identities' | 'clock'>,
  current: boolean,
): Promise<number[]> {
  if (!current) return [];
  const limit = dayOf(clock()) - KEEP_DAYS * DAY_MS;
  const old = (await identities.days()).filter((day) => day < limit);
  for (const day of old) await identities.dropDay(day);
  return old;
}

/** Joins the rows of each source that has many into one; one process at a time. */
export async function compactSequences(source: DataSource): Promise<void> {
  await source.transaction(async (tx) => {
    const [lock] = await rows<{ mine: boolean }>(
      tx,
      `SELECT pg_try_advisory_xact_lock(hashtext('sequence_seen')) AS mine`,
    );
    if (!lock?.mine) return;
    await tx.query(
      `WITH many AS (SELECT source FROM sequence_seen GROUP BY source HAVING count(*) > ${COMPACT_ABOVE_ROWS}),
       gone AS (DELETE FROM sequence_seen WHERE source IN (SELECT source FROM many) RETURNING source, seen, at)
       INSERT INTO sequence_seen (source, seen, at) SELECT source, range_agg(seen), max(at) FROM gone GROUP BY source`,
    );
  });
}

// Every partition was caught up within the last day.
async function isCurrent(source: DataSource, now: number): Promise<boolean> {
  const [found] = await rows<{ behind: string }>(
    source,
    `SELECT count(*) AS behind FROM stream_offset WHERE projection = 'metering.usage' AND (caught_up_at < $1 OR halt_reason IS NOT NULL)`,
    [now - DAY_MS],
  );
  return found?.behind === '0';
}
