// A consumer group of the embedded log: a row per member with a heartbeat, and a row per claimed partition that only one member
// can hold. Every member deals the partitions in the same way; a claim moves when its holder has let go or has gone silent.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { assignRoundRobin } from './assignment.js';
import type { TopicPartition } from './event-log.js';
import type { PolledConsumer } from './polled-consumer.js';

const BEAT_MS = 1_000;
/** A member that is silent for this long is put out; its readers' database check keeps a late one from doing harm. */
const SILENCE = '10 seconds';

export interface GroupOptions {
  readonly pool: Pool;
  readonly group: string;
  readonly topics: readonly string[];
  /** Tells the other members to look again. */
  announce(): Promise<void>;
}

export class EmbeddedMember {
  readonly id = randomUUID();
  private held: readonly TopicPartition[] = [];
  private evicted = false;
  private left = false;
  private wake = new AbortController();
  private readonly ended: Promise<void>[] = [];

  constructor(
    private readonly options: GroupOptions,
    private readonly partitionsOf: (topics: readonly string[]) => Promise<TopicPartition[]>,
  ) {}

  /** Joins and deals once, so that a first assignment is there when this resolves. */
  async join(consumer: PolledConsumer): Promise<void> {
    await this.beat();
    this.evicted = false;
    await this.options.announce();
    await this.settle(consumer, true);
    this.ended.push(
      this.repeat(async () => this.beat()),
      this.repeat(async () => this.settle(consumer)),
    );
  }

  /** Look at the group now. */
  hurry(): void {
    this.wake.abort();
    this.wake = new AbortController();
  }

  async leave(): Promise<void> {
    this.left = true;
    this.hurry();
    await Promise.all(this.ended);
    await this.options.pool
      .query('DELETE FROM log_member WHERE id = $1', [this.id])
      .catch(() => undefined);
    await this.options.announce();
  }

  private async repeat(step: () => Promise<void>): Promise<void> {
    while (!this.left) {
      await sleep(BEAT_MS, undefined, { signal: this.wake.signal }).catch(() => undefined);
      // While the database is away nothing changes: the next beat tries again.
      if (!this.left) await step().catch(() => undefined);
    }
  }

  private async beat(): Promise<void> {
    const { pool, group, topics } = this.options;
    const { rows } = await pool.query<{ fresh: boolean }>(
      `INSERT INTO log_member (id, group_name, topics) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET seen_at = now() RETURNING xmax = 0 AS fresh`,
      [this.id, group, topics],
    );
    // A new row means that the old one was removed, and our claims with it.
    if (rows[0]?.fresh) this.evicted = true;
  }

  private async settle(consumer: PolledConsumer, first = false): Promise<void> {
    const { pool, group } = this.options;
    const before = new Set(this.held.map(keyOf));
    if (this.evicted) {
      this.evicted = false;
      await consumer.release();
      this.held = [];
    }
    await pool.query(
      `DELETE FROM log_member
       WHERE group_name = $1 AND id <> $2 AND seen_at < now() - $3::interval`,
      [group, this.id, SILENCE],
    );
    const share = await this.share();
    const wanted = new Set(share.map(keyOf));
    const surplus = this.held.filter((at) => !wanted.has(keyOf(at)));
    if (surplus.length > 0) {
      this.held = this.held.filter((at) => wanted.has(keyOf(at)));
      await consumer.release(this.held);
      await this.dropClaims(surplus);
      await this.options.announce();
    }
    const mine = new Set(this.held.map(keyOf));
    const gained = await this.claim(share.filter((at) => !mine.has(keyOf(at))));
    this.held = [...this.held, ...gained];
    const same = this.held.length === before.size && this.held.every((at) => before.has(keyOf(at)));
    if (first || !same) await consumer.assign(this.held);
  }

  private async share(): Promise<TopicPartition[]> {
    const { pool, group } = this.options;
    const { rows } = await pool.query<{ id: string; topics: string[] }>(
      'SELECT id, topics FROM log_member WHERE group_name = $1',
      [group],
    );
    const members = await Promise.all(
      rows.map(async ({ id, topics }) => ({ id, partitions: await this.partitionsOf(topics) })),
    );
    return assignRoundRobin(members).get(this.id) ?? [];
  }

  private async claim(wanted: readonly TopicPartition[]): Promise<TopicPartition[]> {
    if (wanted.length === 0) return [];
    const { rows } = await this.options.pool.query<{ topic: string; partition: number }>(
      `INSERT INTO log_claim (group_name, topic, partition, member_id)
       SELECT $1, part.topic, part.partition, $2
       FROM unnest($3::text[], $4::int[]) AS part (topic, partition)
       ON CONFLICT DO NOTHING RETURNING topic, partition`,
      [
        this.options.group,
        this.id,
        wanted.map(({ topic }) => topic),
        wanted.map(({ partition }) => partition),
      ],
    );
    return rows.map(({ topic, partition }) => ({ topic, partition }));
  }

  private async dropClaims(surplus: readonly TopicPartition[]): Promise<void> {
    await this.options.pool.query(
      `DELETE FROM log_claim c USING unnest($2::text[], $3::int[]) AS part (topic, partition)
       WHERE c.member_id = $1 AND c.topic = part.topic AND c.partition = part.partition`,
      [this.id, surplus.map(({ topic }) => topic), surplus.map(({ partition }) => partition)],
    );
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
