// Records of the topic `quota.events`, keyed by organization: what customers and operators are told about limits. Money is a decimal
// string in the organization's currency, exact; instants are epoch ms.

interface Common {
  readonly version: 1;
  /** `evt_…`, unique for all time. */
  readonly id: string;
  readonly organization: string;
  /** null: about the organization as a whole. */
  readonly project: string | null;
  readonly at: number;
}

export type QuotaEvent = Common &
  (
    | {
        /** Once per month, limit and percentage. */
        readonly type: 'spend.threshold_crossed';
        readonly period: string;
        readonly percent: number;
        readonly limit: string;
        readonly mode: 'hard' | 'soft';
        readonly spent_exact: string;
      }
    | {
        /** The spend is at the limit; once per month and limit. */
        readonly type: 'limit.reached';
        readonly period: string;
        readonly limit: string;
        readonly mode: 'hard' | 'soft';
        readonly spent_exact: string;
      }
    | {
        /** A hard limit lets nothing pass any more, or lets it pass again. */
        readonly type: 'organization.blocked' | 'organization.unblocked';
        readonly period: string;
        readonly limit: string | null;
        readonly spent_exact: string;
        readonly held_exact: string;
      }
    | {
        /** A node used more than was reserved, or after the reservation had ended. */
        readonly type: 'reservation_exceeded' | 'reservation_late';
        readonly reservation: string;
        readonly model: string;
        /** The node that reported it: the event's source; null for an operator's call. */
        readonly source: string | null;
        readonly event: string | null;
        readonly reserved_tokens: number;
        readonly used_tokens: number;
        readonly held_exact: string;
        readonly used_exact: string;
      }
  );

export type QuotaEventType = QuotaEvent['type'];

/** The value of the event's record. */
export function encodeQuotaEvent(event: QuotaEvent): Buffer {
  return Buffer.from(JSON.stringify(event));
}

/** Throws a TypeError or SyntaxError that names the fault when the value is no quota event. */
export function decodeQuotaEvent(value: Buffer): QuotaEvent {
  const event = JSON.parse(value.toString('utf8')) as Partial<QuotaEvent> | null;
  if (event?.version !== 1) throw new TypeError(`quota event version ${String(event?.version)}`);
  if (!event.type || !TYPES.has(event.type))
    throw new TypeError(`quota event type ${String(event.type)}`);
  for (const field of ['id', 'organization'] as const)
    if (typeof event[field] !== 'string') throw new TypeError(`quota event without ${field}`);
  if (!Number.isSafeInteger(event.at)) throw new TypeError('quota event without at');
  return event as QuotaEvent;
}

const TYPES: ReadonlySet<QuotaEventType> = new Set<QuotaEventType>([
  'spend.threshold_crossed',
  'limit.reached',
  'organization.blocked',
  'organization.unblocked',
  'reservation_exceeded',
  'reservation_late',
]);
