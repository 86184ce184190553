// One record of `usage.recorded` as metering takes it: an event with its name, or the reason why it cannot be counted.
// The invariant: the same record always reads the same, whenever it is read, so that what a crash cut off can be derived again.
import { gate } from '#libs/events/gate.js';
import { fingerprint, identityKey } from '#libs/events/identity.js';
import type { LogPosition, Refusal, RejectedUsage } from '#libs/events/rejection.js';
import type { UsageEvent } from '#libs/events/usage-event.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { HOUR_MS } from '#libs/time/instant.js';

/** What is read of a stored record. */
export interface RawRecord {
  readonly offset: number;
  readonly value: Buffer;
  /** Epoch ms at which the log took it: the acceptance window is measured from here. */
  readonly appendedAt: number;
}

/** A sound event and what identifies it. */
export interface NamedEvent {
  readonly offset: number;
  readonly appendedAt: number;
  readonly event: UsageEvent;
  /** 32 hex digits. */
  readonly key: string;
  readonly fingerprint: bigint;
}

export interface ReadRecords {
  readonly named: readonly NamedEvent[];
  readonly refused: readonly RejectedUsage[];
  /** Bytes of the named records by offset: what is parked of one that turns out not to count. */
  readonly bytes: ReadonlyMap<number, Buffer>;
}

/** The door measured the window a little before the log took the record: an hour of slack, never a day. */
export const WINDOW_SLACK_MS = HOUR_MS;

/** What is kept of a parked record. */
const KEPT_BYTES = 16_384;

/** Reads records of one partition; a bad one never costs another. */
export function readRecords(partition: number, records: readonly RawRecord[]): ReadRecords {
  const named: NamedEvent[] = [];
  const refused: RejectedUsage[] = [];
  const bytes = new Map<number, Buffer>();
  for (const record of records) {
    const { offset, value, appendedAt } = record;
    const gated = gate(value, { now: appendedAt, slackMs: WINDOW_SLACK_MS });
    if ('refusal' in gated) {
      refused.push(parkedRefusal(partition, record, gated.refusal));
      continue;
    }
    const { event } = gated;
    const key = identityKey(event.organization, event.source, event.id);
    named.push({ offset, appendedAt, event, key, fingerprint: fingerprint(event) });
    bytes.set(offset, value);
  }
  return { named, refused, bytes };
}

/** A sound event that cannot be counted all the same: `conflict` names the winner, `unknown_original` has none. */
export function parkedEvent(
  at: { readonly partition: number; readonly named: NamedEvent; readonly bytes: Buffer },
  why: Pick<RejectedUsage, 'reason' | 'pointer' | 'detail' | 'winner'>,
): RejectedUsage {
  const { organization, source, id } = at.named.event;
  return {
    ...why,
    organization,
    source,
    id,
    position: recordedAt(at.partition, at.named.offset),
    raw: kept(at.bytes),
    at: at.named.appendedAt,
  };
}

/** A position in `usage.recorded`. */
export function recordedAt(partition: number, offset: number): LogPosition {
  return { topic: USAGE_RECORDED, partition, offset };
}

function parkedRefusal(partition: number, record: RawRecord, refusal: Refusal): RejectedUsage {
  const { reason, pointer, detail } = refusal;
  return {
    reason,
    pointer,
    detail,
    ...namesIn(record.value),
    position: recordedAt(partition, record.offset),
    winner: null,
    raw: kept(record.value),
    at: record.appendedAt,
  };
}

// Whatever can be read of the names, so that a parked record is found by them; nothing here is believed.
function namesIn(value: Buffer): Pick<RejectedUsage, 'organization' | 'source' | 'id'> {
  let raw: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(value.subarray(0, 1 << 20).toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) raw = parsed as typeof raw;
  } catch {
    // Not JSON: nameless.
  }
  return { organization: name(raw['subject']), source: name(raw['source']), id: name(raw['id']) };
}

// NUL has no place in a Postgres text.
function name(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 256 && !value.includes('\0')
    ? value
    : null;
}

function kept(value: Buffer): string {
  return value.subarray(0, KEPT_BYTES).toString('base64');
}
