// Where every projection of a service stands, for operators: the rows of `stream_offset` beside the ends of the log.
import type { DataSource } from 'typeorm';
import { rows } from '../database/database.js';
import type { EventLog } from '../log/event-log.js';
import { formatInstant } from '../time/instant.js';
import type { PartitionName } from './halts.js';

/** One partition of one projection, ready for JSON. */
export interface PartitionView extends PartitionName {
  readonly next_offset: number;
  /** For a reader of `usage.metered`: the next raw offset of `usage.recorded`. */
  readonly chain_offset: number | null;
  /** The end of the partition, and records up to it; null when the log does not answer. */
  readonly high: number | null;
  readonly lag: number | null;
  readonly epoch: number;
  readonly owner: string;
  readonly applied: number;
  readonly duplicates: number;
  readonly quarantined: number;
  /** Two sums modulo 2^64 as 32 hex digits: equal for equal content, whatever the batch cut. */
  readonly digest: string;
  readonly caught_up_at: string;
  readonly halted: { readonly reason: string; readonly detail: string; readonly at: string } | null;
}

/** Reads, never changes. */
export class ProjectionOverview {
  constructor(
    private readonly source: DataSource,
    private readonly log: EventLog,
  ) {}

  /** Every partition that was ever claimed, by projection, topic and partition. */
  async all(): Promise<readonly PartitionView[]> {
    const found = await rows<Record<string, string | null>>(
      this.source,
      `SELECT o.*, c.next_offset AS chain_offset
       FROM stream_offset o LEFT JOIN chain_position c USING (projection, partition)
       ORDER BY projection, topic, partition`,
    );
    const ends = await this.ends([...new Set(found.map((row) => String(row['topic'])))]);
    return found.map((row) => viewOf(row, ends));
  }

  /** One partition, undefined when it was never claimed. */
  async one(at: PartitionName): Promise<PartitionView | undefined> {
    return (await this.all()).find(
      (view) =>
        view.projection === at.projection &&
        view.topic === at.topic &&
        view.partition === at.partition,
    );
  }

  private async ends(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const ends = new Map<string, number>();
    await Promise.all(
      topics.map(async (topic) => {
        const marks = await this.log.watermarks(topic).catch(() => []);
        for (const { partition, high } of marks) ends.set(`${topic} ${partition}`, high);
      }),
    );
    return ends;
  }
}

function viewOf(
  row: Readonly<Record<string, string | null>>,
  ends: ReadonlyMap<string, number>,
): PartitionView {
  const number = (name: string): number => Number(row[name]);
  const hex = (name: string): string =>
    BigInt(row[name] ?? 0)
      .toString(16)
      .padStart(16, '0');
  const high = ends.get(`${row['topic']} ${row['partition']}`) ?? null;
  return {
    projection: String(row['projection']),
    topic: String(row['topic']),
    partition: number('partition'),
    next_offset: number('next_offset'),
    chain_offset: row['chain_offset'] === null ? null : number('chain_offset'),
    high,
    lag: high === null ? null : Math.max(0, high - number('next_offset')),
    epoch: number('epoch'),
    owner: String(row['owner']),
    applied: number('applied'),
    duplicates: number('duplicates'),
    quarantined: number('quarantined'),
    digest: hex('digest_a') + hex('digest_b'),
    caught_up_at: formatInstant(number('caught_up_at')),
    halted:
      typeof row['halt_reason'] === 'string'
        ? {
            reason: row['halt_reason'],
            detail: row['halt_detail'] ?? '',
            at: formatInstant(number('halted_at')),
          }
        : null,
  };
}
