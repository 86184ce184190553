// What is on its way to endpoints: written once per endpoint and event, claimed by one sender at a time, kept with its last answer.
import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { changed, rows } from '#libs/database/database.js';
import { formatInstant } from '#libs/time/instant.js';
import { type AnnouncedEvent, webhookBody } from '../domain/webhook-types.js';
import type { Attempted, NextStep } from '../domain/webhook-schedule.js';

/** A delivery that a sender holds until `LEASE_MS` are over. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly endpoint: string;
  readonly url: string;
  /** The same at every attempt. */
  readonly messageId: string;
  readonly body: string;
  /** Of this attempt; the first is 1. */
  readonly attempt: number;
}

export interface DeliveryRow {
  readonly id: string;
  readonly event_id: string;
  readonly message_id: string;
  readonly type: string;
  readonly created_at: string;
  readonly state: string;
  readonly attempts: number;
  readonly next_at: string;
  readonly last_status: number | null;
  readonly last_fault: string | null;
  readonly last_answer: string | null;
  readonly last_at: string | null;
}

/** Above the 15 s that an attempt may take: a sender that was killed loses its claim after it. */
const LEASE_MS = 60_000;
/** In flight per endpoint: events arrive nearly in order, and a slow receiver is not flooded. */
const PER_ENDPOINT = 2;

export class WebhookDeliveryStore {
  constructor(private readonly source: DataSource) {}

  /**
   * Adds a delivery of each event to each endpoint that listens; gives how many are new. An endpoint hears of what happened after
   * it was made, so a replay of the topic tells it nothing twice and nothing old.
   */
  async add(tx: EntityManager, events: readonly AnnouncedEvent[], now: number): Promise<number> {
    if (events.length === 0) return 0;
    const bodies = events.map(webhookBody);
    return changed(
      tx,
      `INSERT INTO webhook_delivery (endpoint, event_id, message_id, type, body, created_at, next_at)
       SELECT e.id, event.id, event.message, event.type, event.body, $7, $7
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
            WITH ORDINALITY AS event (id, message, type, organization, body, at, position)
       JOIN webhook_endpoint e ON event.type = ANY (e.events) AND e.disabled IS NULL
         AND (e.organization IS NULL OR e.organization = event.organization)
         AND e.created_at <= extract(epoch FROM event.at) * 1000
       ORDER BY event.position
       ON CONFLICT (endpoint, event_id) DO NOTHING`,
      [
        events.map(({ id }) => id),
        events.map(({ id }) => messageIdOf(id)),
        events.map(({ type }) => type),
        events.map(({ organization }) => organization),
        bodies,
        events.map(({ timestamp }) => timestamp),
        now,
      ],
    );
  }

  /** Takes up to `limit` due deliveries for a minute, at most two of one endpoint; nobody else gets them meanwhile. */
  async claim(now: number, limit: number): Promise<ClaimedDelivery[]> {
    const found = await rows<{
      id: string;
      endpoint: string;
      url: string;
      message_id: string;
      body: string;
      attempts: number;
    }>(
      this.source,
      `WITH ranked AS (
         SELECT d.id, row_number() OVER (PARTITION BY d.endpoint ORDER BY d.next_at, d.id) AS rank
         FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint
         WHERE d.state = 'pending' AND d.next_at <= $1 AND e.disabled IS NULL
       ), due AS (
         SELECT d.id FROM webhook_delivery d JOIN ranked USING (id)
         WHERE ranked.rank <= ${PER_ENDPOINT} AND d.state = 'pending' AND d.next_at <= $1
         ORDER BY d.next_at, d.id LIMIT $2 FOR UPDATE OF d SKIP LOCKED
       ), taken AS (
         UPDATE webhook_delivery d SET attempts = attempts + 1, next_at = $3
         FROM due WHERE d.id = due.id
         RETURNING d.id, d.endpoint, d.message_id, d.body, d.attempts)
       SELECT taken.*, e.url FROM taken JOIN webhook_endpoint e ON e.id = taken.endpoint
       ORDER BY taken.id`,
      [now, limit, now + LEASE_MS],
    );
    return found.map(({ message_id: messageId, attempts: attempt, ...row }) => ({
      ...row,
      messageId,
      attempt,
    }));
  }

  /** Writes down what came of an attempt; an endpoint that is gone or exhausted is switched off with it. */
  async settle(
    { id, endpoint }: ClaimedDelivery,
    { attempted, answer }: { readonly attempted: Attempted; readonly answer: string | null },
    step: NextStep,
    now: number,
  ): Promise<void> {
    const status = 'status' in attempted ? attempted.status : null;
    const fault = 'fault' in attempted ? attempted.fault : null;
    await this.source.transaction(async (tx) => {
      await tx.query(
        `UPDATE webhook_delivery SET state = $2, next_at = $3, last_status = $4, last_fault = $5,
           last_answer = $6, last_at = $7 WHERE id = $1`,
        [id, step.state, step.state === 'pending' ? step.nextAt : now, status, fault, answer, now],
      );
      if (step.state === 'failed')
        await tx.query('UPDATE webhook_endpoint SET disabled = $2 WHERE id = $1', [
          endpoint,
          `${step.disable === 'gone' ? 'the endpoint answered 410' : 'ten attempts over 75 h failed'} at ${formatInstant(now)}`,
        ]);
    });
  }

  /** The newest first, before the given id. */
  async list(endpoint: string, before: string | undefined, limit: number): Promise<DeliveryRow[]> {
    return rows<DeliveryRow>(
      this.source,
      `SELECT * FROM webhook_delivery WHERE endpoint = $1 AND ($2::bigint IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3`,
      [endpoint, before ?? null, limit],
    );
  }

  /** Makes one due now, with all its attempts before it; false when there is none. */
  async again(endpoint: string, id: string, now: number): Promise<boolean> {
    const count = await changed(
      this.source,
      `UPDATE webhook_delivery SET state = 'pending', attempts = 0, next_at = $3
       WHERE endpoint = $1 AND id = $2 AND (state <> 'pending' OR next_at > $3)`,
      [endpoint, id, now],
    );
    return count > 0;
  }
}

// Standard Webhooks: unique per event, the same at every attempt, and without the full stop that separates what is signed.
function messageIdOf(eventId: string): string {
  return `msg_${createHash('sha256').update(eventId).digest('hex').slice(0, 32)}`;
}
