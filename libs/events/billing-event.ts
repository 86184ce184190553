// Records of `billing.events`: what became of invoices, once per fact. Webhooks and the console read them.

export const BILLING_EVENT_TYPES = [
  'invoice.issued',
  'invoice.voided',
  'invoice.paid',
  'invoice.parked',
  'invoice.released',
  'credit_note.issued',
  'adjustment.booked',
] as const;
export type BillingEventType = (typeof BILLING_EVENT_TYPES)[number];

/** What happened, in the shape in which it is in the log and goes to webhooks: JSON in snake_case, money as decimal strings. */
export interface BillingEvent {
  readonly version: 1;
  /** `evt_…` without a dot (Standard Webhooks signs `id.timestamp.body`): one per fact, the same whenever it is told again. */
  readonly id: string;
  readonly type: BillingEventType;
  readonly organization: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The value of the event's record. */
export function encodeBillingEvent(event: BillingEvent): Buffer {
  return Buffer.from(JSON.stringify(event));
}

/** Throws a TypeError or SyntaxError that names the fault when the value is not a billing event. */
export function decodeBillingEvent(value: Buffer): BillingEvent {
  const event = JSON.parse(value.toString('utf8')) as Partial<BillingEvent> | null;
  if (event?.version !== 1) throw new TypeError(`billing event version ${String(event?.version)}`);
  if (!BILLING_EVENT_TYPES.includes(event.type as BillingEventType))
    throw new TypeError(`no billing event type: ${String(event.type)}`);
  for (const name of ['id', 'organization', 'timestamp'] as const)
    if (typeof event[name] !== 'string') throw new TypeError(`billing event without ${name}`);
  if (typeof event.data !== 'object' || event.data === null)
    throw new TypeError('billing event without data');
  return event as BillingEvent;
}
