// Why an event was not taken. The first list is the door's closed list; the second is what only metering can see.

export const DOOR_REASONS = [
  'invalid_json',
  'invalid_cloudevent',
  'unknown_type',
  'unknown_field',
  'missing_field',
  'invalid_value',
  'invalid_time',
  'too_old',
  'in_the_future',
  'invalid_quantity',
  'quantities_do_not_add_up',
  'ambiguous_usage',
  'unknown_usage_format',
  'no_usage',
  'event_too_large',
  'not_allowed',
] as const;

export type DoorReason = (typeof DOOR_REASONS)[number];

/** `conflict`: same identity, other content. `unknown_original`: a correction of an event that metering never counted. */
export type MeteringReason = 'conflict' | 'unknown_original';

export interface Refusal {
  readonly reason: DoorReason;
  /** JSON pointer into the event, '' for the whole. */
  readonly pointer: string;
  readonly detail: string;
  /** The event's id when it could be read. */
  readonly id: string | null;
}

export interface LogPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** The value of one record of `usage.rejected` (JSON, snake_case on the wire: see `encodeRejected`). */
export interface RejectedUsage {
  readonly reason: DoorReason | MeteringReason;
  readonly pointer: string;
  readonly detail: string;
  readonly organization: string | null;
  readonly source: string | null;
  readonly id: string | null;
  /** Where the refused record is in the log; null when the door refused it before it got there. */
  readonly position: LogPosition | null;
  /** For a conflict: where the event is that won. */
  readonly winner: LogPosition | null;
  /** At most 16 KiB of what was sent, base64. */
  readonly raw: string;
  readonly at: number;
}

export function encodeRejected(rejected: RejectedUsage): Buffer {
  return Buffer.from(JSON.stringify(rejected));
}

export function decodeRejected(value: Buffer): RejectedUsage {
  return JSON.parse(value.toString('utf8')) as RejectedUsage;
}
