// One record of `usage.recorded` as metering sees it: an event with its identity, or poison with the reason. A pure function of
// the record, so that reading it again after a crash says the same.
import { fingerprint } from '#libs/events/fingerprint.js';
import { gate } from '#libs/events/gate.js';
import { identityKey } from '#libs/events/identity.js';
import type { LogPosition, Refusal, RejectedUsage } from '#libs/events/rejection.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import type { UsageEvent } from '#libs/events/usage-event.js';
import { MINUTE_MS } from '#libs/time/instant.js';

/** What is read of a record of the log. */
export interface RawRecord {
  readonly offset: number;
  readonly value: Buffer;
  readonly appendedAt: number;
}

export interface KeyedEvent {
  readonly kind: 'event';
  readonly offset: number;
  /** 32 hex digits. */
  readonly key: string;
  readonly fingerprint: bigint;
  readonly event: UsageEvent;
  readonly record: RawRecord;
}

export interface Poison {
  readonly kind: 'poison';
  readonly offset: number;
  readonly refusal: Refusal;
  readonly record: RawRecord;
}

export type Entry = KeyedEvent | Poison;

/** The door checked the window when the event came; between that and the append lies at most its queue. */
const SLACK_MS = 10 * MINUTE_MS;
const RAW_LIMIT = 16_384;

/** The acceptance window is measured from the append time, not from now: the answer never changes. */
export function interpret(record: RawRecord): Entry {
  const { offset, value, appendedAt } = record;
  const gated = gate(value, { now: appendedAt, slackMs: SLACK_MS });
  if ('refusal' in gated) return { kind: 'poison', offset, refusal: gated.refusal, record };
  const { event } = gated;
  const key = identityKey(event.organization, event.source, event.id);
  return { kind: 'event', offset, key, fingerprint: fingerprint(event), event, record };
}

/** The record of `usage.rejected` for poison found in the log. */
export function rejectedPoison(poison: Poison, partition: number): RejectedUsage {
  const { reason, pointer, detail, id } = poison.refusal;
  const named = namesIn(poison.record.value);
  return {
    ...common(poison.record, partition),
    reason,
    pointer,
    detail,
    id,
    ...named,
    winner: null,
  };
}

/** The record of `usage.rejected` for an event whose identity another content has taken. */
export function rejectedConflict(
  entry: KeyedEvent,
  partition: number,
  winner: LogPosition,
): RejectedUsage {
  const detail = `the event ${entry.event.id} of ${entry.event.source} was already counted with another content`;
  return {
    ...common(entry.record, partition),
    reason: 'conflict',
    pointer: '',
    detail,
    ...names(entry),
    winner,
  };
}

/** The record of `usage.rejected` for a correction of an event that was never counted. */
export function rejectedCorrection(entry: KeyedEvent, partition: number): RejectedUsage {
  const { original } = entry.event;
  const detail = `no counted event ${original?.id} of ${original?.source} is known`;
  const reason = 'unknown_original' as const;
  const pointer = '/data/original';
  return {
    ...common(entry.record, partition),
    reason,
    pointer,
    detail,
    ...names(entry),
    winner: null,
  };
}

function common(
  record: RawRecord,
  partition: number,
): Pick<RejectedUsage, 'position' | 'raw' | 'at'> {
  return {
    position: { topic: USAGE_RECORDED, partition, offset: record.offset },
    raw: record.value.subarray(0, RAW_LIMIT).toString('base64'),
    at: record.appendedAt,
  };
}

function names({ event }: KeyedEvent): Pick<RejectedUsage, 'organization' | 'source' | 'id'> {
  return { organization: event.organization, source: event.source, id: event.id };
}

// Poison may still say whose it is; only texts of a sane length are believed.
function namesIn(value: Buffer): Pick<RejectedUsage, 'organization' | 'source'> {
  try {
    const said = JSON.parse(value.subarray(0, RAW_LIMIT).toString('utf8')) as Record<
      string,
      unknown
    > | null;
    const text = (name: string): string | null => {
      const found = said?.[name];
      return typeof found === 'string' && found.length <= 256 ? found : null;
    };
    return { organization: text('subject'), source: text('source') };
  } catch {
    return { organization: null, source: null };
  }
}
