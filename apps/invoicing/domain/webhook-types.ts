// What an endpoint may be told of (http-contract.md, webhooks), and the envelope in which the topics carry it.

import { formatInstant } from '#libs/time/instant.js';

export const WEBHOOK_TYPES = [
  'invoice.issued',
  'invoice.voided',
  'invoice.paid',
  'invoice.parked',
  'invoice.released',
  'credit_note.issued',
  'adjustment.booked',
  'spend.threshold_crossed',
  'organization.blocked',
  'organization.unblocked',
  'limit.reached',
] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/** A record of `billing.events` or `quota.events`, as far as webhooks need it. */
export interface AnnouncedEvent {
  readonly id: string;
  readonly type: string;
  readonly organization: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The event in a record's value; undefined when it is none: a stranger's record must not stop everybody's webhooks. */
export function announcedEvent(value: Buffer): AnnouncedEvent | undefined {
  try {
    const event = enveloped(JSON.parse(value.toString('utf8')) as Partial<AnnouncedEvent> | null);
    const texts = [event?.id, event?.type, event?.organization, event?.timestamp];
    const isWhole = texts.every((text) => typeof text === 'string') && isObject(event?.data);
    return isWhole ? (event as AnnouncedEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** The body that endpoints get: Standard Webhooks 1.0, "payload structure". */
export function webhookBody({ type, timestamp, data }: AnnouncedEvent): string {
  return JSON.stringify({ type, timestamp, data });
}

// A record of `quota.events` has its facts beside the envelope and its instant in epoch ms.
function enveloped(record: Partial<AnnouncedEvent> | null): Partial<AnnouncedEvent> | null {
  const {
    version: _,
    id,
    type,
    organization,
    at,
    ...data
  } = (record ?? {}) as Partial<Record<string, unknown>>;
  if (typeof at !== 'number') return record;
  const envelope = { id, type, organization, timestamp: formatInstant(at) };
  return { ...envelope, data: { organization, ...data } } as Partial<AnnouncedEvent>;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
