// A consumer group of the embedded log: a row per member with a heartbeat, and a row per claimed partition that only one member
// can hold. Every member deals the partitions in the same way; a claim moves when its holder has let go or has gone silent.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { assignRoundRobin } from './assignment.js';
import type { TopicPartition } from './event-log.js';
import { keyOf } from './partition-key.js';
import type { PolledConsumer } from './polled-consumer.js';

const BEAT_MS = 1_000;
/** A member that is silent for this long is put out; its readers' database check keeps a late one from doing harm. */
const SILENCE = '5 seconds';

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
  private owesClaims = false;
  /** The reader has not been told yet what this member holds. */
  private owesAssignment = true;
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
    await this.settle(consumer);
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

  // Each step may fail with the database; the fields keep what is still owed, and the next settling pays it.
  private async settle(consumer: PolledConsumer): Promise<void> {
    await this.beat();
    if (this.evicted) {
      this.evicted = false;
      await this.letGo(consumer, []);
    }
    await this.putOutSilent();
    const share = await this.share();
    const wanted = new Set(share.map(keyOf));
    const kept = this.held.filter((at) => wanted.has(keyOf(at)));
    if (kept.length < this.held.length) await this.letGo(consumer, kept);
    if (this.owesClaims) await this.dropClaims();
    const gained = await this.claim(share);
    this.held = [...this.held, ...gained];
    if (gained.length > 0) this.owesAssignment = true;
    if (!this.owesAssignment) return;
    await consumer.assign(this.held);
    this.owesAssignment = false;
  }

  private async letGo(consumer: PolledConsumer, kept: readonly TopicPartition[]): Promise<void> {
    this.held = kept;
    this.owesClaims = true;
    this.owesAssignment = true;
    await consumer.release(kept);
  }

  private async putOutSilent(): Promise<void> {
    await this.options.pool.query(
      `DELETE FROM log_member
       WHERE group_name = $1 AND id <> $2 AND seen_at < now() - $3::interval`,
      [this.options.group, this.id, SILENCE],
    );
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

  private async claim(share: readonly TopicPartition[]): Promise<TopicPartition[]> {
    const mine = new Set(this.held.map(keyOf));
    const wanted = share.filter((at) => !mine.has(keyOf(at)));
    if (wanted.length === 0) return [];
    // A claim that is ours already, because the answer to it was lost, is ours.
    const { rows } = await this.options.pool.query<TopicPartition>(
      `INSERT INTO log_claim AS claim (group_name, topic, partition, member_id)
       SELECT $1, part.topic, part.partition, $2
       FROM unnest($3::text[], $4::int[]) AS part (topic, partition)
       ON CONFLICT (group_name, topic, partition)
         DO UPDATE SET member_id = excluded.member_id WHERE claim.member_id = excluded.member_id
       RETURNING topic, partition`,
      [this.options.group, this.id, ...columns(wanted)],
    );
    return rows.map(({ topic, partition }) => ({ topic, partition }));
  }

  private async dropClaims(): Promise<void> {
    await this.options.pool.query(
      `DELETE FROM log_claim WHERE member_id = $1 AND NOT EXISTS (
         SELECT FROM unnest($2::text[], $3::int[]) AS held (topic, partition)
         WHERE held.topic = log_claim.topic AND held.partition = log_claim.partition)`,
      [this.id, ...columns(this.held)],
    );
    this.owesClaims = false;
    await this.options.announce();
  }
}

function columns(parts: readonly TopicPartition[]): [string[], number[]] {
  return [parts.map(({ topic }) => topic), parts.map(({ partition }) => partition)];
}
