// How far this service has read the log: the cut of an invoice, and the evidence that a month is whole.
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { ACCOUNTS, CATALOG, USAGE_METERED, USAGE_RECORDED } from '#libs/events/topics.js';
import type { EventLog } from '#libs/log/event-log.js';
import { type Behind, behindOf } from '../domain/closing.js';
import type { Cut } from '../domain/invoice.js';
import { ACCOUNTS_PROJECTION, CATALOG_PROJECTION, USAGE_PROJECTION } from './projection-names.js';

const TOPICS = [USAGE_RECORDED, USAGE_METERED, ACCOUNTS, CATALOG];

// Raw positions come from the chain; a partition of which nothing was metered yet stands at 0.
const POSITIONS = `
  SELECT topic, partition, next_offset FROM stream_offset
  WHERE projection IN ('${USAGE_PROJECTION}', '${ACCOUNTS_PROJECTION}', '${CATALOG_PROJECTION}')
  UNION ALL
  SELECT '${USAGE_RECORDED}', o.partition, coalesce(c.next_offset, 0)
  FROM stream_offset o LEFT JOIN chain_position c USING (projection, partition)
  WHERE o.projection = '${USAGE_PROJECTION}'
  ORDER BY topic, partition`;

export class CutStore {
  constructor(
    private readonly source: DataSource,
    private readonly log: EventLog,
  ) {}

  /** The cut as the transaction's snapshot has it: what an invoice made of the same snapshot stores. */
  async cutOf(tx: EntityManager): Promise<Cut> {
    const positions = await this.positions(tx);
    const cut = (topic: string) => positions[topic] ?? {};
    return {
      [USAGE_RECORDED]: cut(USAGE_RECORDED),
      [ACCOUNTS]: cut(ACCOUNTS),
      [CATALOG]: cut(CATALOG),
    };
  }

  /** Where the log ends now, on every partition of every topic that an invoice is made of; rejects when the log cannot say. */
  async takeEvidence(): Promise<Cut> {
    const evidence: Record<string, Record<string, number>> = {};
    for (const topic of TOPICS)
      evidence[topic] = Object.fromEntries(
        (await this.log.watermarks(topic)).map(({ partition, high }) => [partition, high]),
      );
    return evidence;
  }

  /** The partitions that have not been folded as far as the evidence demands. */
  async behind(evidence: Cut): Promise<readonly Behind[]> {
    return behindOf(evidence, await this.positions(this.source));
  }

  private async positions(tx: EntityManager | DataSource): Promise<Cut> {
    const found = await rows<{ topic: string; partition: number; next_offset: string }>(
      tx,
      POSITIONS,
    );
    const positions: Record<string, Record<string, number>> = {};
    for (const row of found) (positions[row.topic] ??= {})[row.partition] = Number(row.next_offset);
    return positions;
  }
}
