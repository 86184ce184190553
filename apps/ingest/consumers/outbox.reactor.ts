// Moves facts from the outbox to the log, one relay at a time. The order on the log is the order of the fact ids: rows are
// appended in order, a failed append is tried again from its first row, and before a relay appends it looks where the log ends.
import type { Logger } from 'pino';
import type { DataSource, QueryRunner } from 'typeorm';
import type { FactFold } from '#libs/accounts/fact-head.js';
import type { EventLog } from '#libs/log/event-log.js';
import { Relay } from '#libs/outbox/relay.js';
import { LogDisagrees, meetLog } from '../store/fact-restore.js';
import { OUTBOX_CHANNEL, type OutboxStore } from '../store/outbox.store.js';

// "mbox" in ASCII.
const RELAY_LOCK = 0x6d626f78;
const BATCH_ROWS = 100;

export interface RelayParts {
  readonly log: EventLog;
  readonly source: DataSource;
  readonly outbox: OutboxStore;
  /** The topics that are relayed, and how their facts are folded into this database when only the log has them. */
  readonly folds: readonly FactFold<unknown>[];
  readonly logger: Logger;
  /** How often to look for the lock, for rows whose announcement was lost, and again after a failure. */
  readonly everyMs?: number;
}

export class OutboxReactor extends Relay {
  constructor(private readonly parts: RelayParts) {
    const { source, everyMs } = parts;
    super('account and catalog facts', {
      source,
      lock: RELAY_LOCK,
      channel: OUTBOX_CHANNEL,
      ...(everyMs !== undefined && { everyMs }),
    });
  }

  async meet(runner: QueryRunner): Promise<void> {
    const { log, folds, outbox } = this.parts;
    for (const fold of folds)
      await meetLog(log, fold, outbox, async (work) => runner.manager.transaction(work));
  }

  async move(runner: QueryRunner): Promise<number> {
    let moved = 0;
    for (const { topic } of this.parts.folds) moved += await this.relay(runner, topic);
    return moved;
  }

  private async relay(runner: QueryRunner, topic: string): Promise<number> {
    const { log, outbox } = this.parts;
    const pending = await outbox.pending(runner.manager, topic, BATCH_ROWS);
    if (pending.length === 0) return 0;
    const { firstOffset } = await log.append(topic, 0, pending);
    const places = pending.map(({ factId }, index) => ({ factId, offset: firstOffset + index }));
    await outbox.markPublished(runner.manager, topic, places);
    return pending.length;
  }

  protected report(error: Error): void {
    const { logger } = this.parts;
    if (error instanceof LogDisagrees) logger.error({ err: error }, 'facts_disagree_with_log');
    else logger.warn({ err: error }, 'facts_wait_in_outbox');
  }
}
