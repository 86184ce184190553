// The gate: bytes of one structured CloudEvent → a usage event, or the one reason why not. Ingest and metering use the
// same gate, so what the door accepted can always be counted. It never throws, whatever the bytes are.
import { DAY_MS, formatInstant, MINUTE_MS } from '../time/instant.js';
import { checkEnvelope, type CheckedEvent } from './gate-envelope.js';
import { eventInstant } from './gate-instant.js';
import { decodeUtf8, parseExactly, parseJson } from './gate-json.js';
import { refusal, shown, type Fault } from './gate-refusal.js';
import { isLarge, readQuantities } from './gate-usage.js';
import { readUsual } from './gate-usual.js';
import { idTime } from './identity.js';
import type { Quantities } from './quantities.js';
import type { Refusal } from './rejection.js';
import type { Original, Usage, UsageEvent } from './usage-event.js';

export interface GateContext {
  /** Epoch ms that the acceptance window is measured from: now at the door, the append time in metering. */
  readonly now: number;
  /** Acceptance window of event times; 35 days back and 5 minutes ahead unless set. */
  readonly window?: { readonly pastMs: number; readonly futureMs: number };
  /** Widens the window on both sides, so that a reader never refuses what the door took a moment earlier. */
  readonly slackMs?: number;
}

export type Gated = { readonly event: UsageEvent } | { readonly refusal: Refusal };

/** 16 KiB: an event is counts and names, never content. */
export const MAX_EVENT_BYTES = 16_384;

const WINDOW = { pastMs: 35 * DAY_MS, futureMs: 5 * MINUTE_MS };

/** Says event or refusal; the same bytes and context always give the same answer. */
export function gate(bytes: Buffer, context: GateContext): Gated {
  return usualEvent(bytes, context) ?? gateByRules(bytes, context);
}

/** The same by the rules alone: what `gate` says of whatever is not usual. */
export function gateByRules(bytes: Buffer, context: GateContext): Gated {
  if (bytes.length > MAX_EVENT_BYTES)
    return refusal({
      reason: 'event_too_large',
      pointer: '',
      detail: `the event has ${bytes.length} bytes, at most ${MAX_EVENT_BYTES} are taken`,
    });
  const text = decodeUtf8(bytes);
  if (text === undefined)
    return refusal({ reason: 'invalid_json', pointer: '', detail: 'the event is not UTF-8' });
  const raw = parseJson(text);
  if (raw === undefined)
    return refusal({ reason: 'invalid_json', pointer: '', detail: 'the event is not JSON' });
  let read = readEvent(raw, parseJson);
  if (!('fault' in read) && isLarge(read.quantities))
    read = readEvent(parseExactly(text), parseExactly);
  if ('fault' in read) return refusal(read.fault, raw);
  return inTime(read.checked, read.quantities, context);
}

type ReadEvent =
  { readonly checked: CheckedEvent; readonly quantities: Quantities } | { readonly fault: Fault };

function readEvent(raw: unknown, parse: (text: string) => unknown): ReadEvent {
  const checked = checkEnvelope(raw, parse);
  if ('fault' in checked) return checked;
  const read = readQuantities(checked);
  return 'fault' in read ? read : { checked, quantities: read.quantities };
}

/** Nearly every event, three times as fast; undefined when the rules must say, which also put a refusal into words. */
export function usualEvent(bytes: Buffer, context: GateContext): Gated | undefined {
  if (bytes.length > MAX_EVENT_BYTES) return undefined;
  const usual = readUsual(bytes);
  if (usual === undefined) return undefined;
  const { id, source, organization, time, sequence, reservation, usage } = usual;
  const at = eventInstant(time);
  if (at === undefined || !isWithin(at, context) || !isWithin(idTime(id) ?? at, context))
    return undefined;
  return {
    event: {
      kind: 'recorded',
      id,
      source,
      organization,
      at,
      sequence: sequence === null ? null : BigInt(sequence),
      reservation,
      mapped: false,
      usage,
      original: null,
    },
  };
}

function isWithin(at: number, { now, window = WINDOW, slackMs = 0 }: GateContext): boolean {
  return at >= now - window.pastMs - slackMs && at <= now + window.futureMs + slackMs;
}

function inTime(checked: CheckedEvent, quantities: Quantities, context: GateContext): Gated {
  const { id, time } = checked.envelope;
  const at = eventInstant(time);
  if (at === undefined)
    return refused(
      checked,
      'invalid_time',
      '/time',
      `time must be an RFC 3339 instant, not ${shown(time)}`,
    );
  const { pastMs, futureMs } = context.window ?? WINDOW;
  const slackMs = context.slackMs ?? 0;
  const earliest = context.now - pastMs - slackMs;
  const latest = context.now + futureMs + slackMs;
  if (at < earliest)
    return refused(checked, 'too_old', '/time', `${time} is before ${formatInstant(earliest)}`);
  if (at > latest)
    return refused(checked, 'in_the_future', '/time', `${time} is after ${formatInstant(latest)}`);
  const made = idTime(id);
  // Metering drops identities by the id's own time, so an older id could be counted again (design section 3).
  if (made !== undefined && made < earliest)
    return refused(
      checked,
      'too_old',
      '/id',
      `the id was made at ${formatInstant(made)}, before ${formatInstant(earliest)}: whether it is a repeat cannot be told`,
    );
  // A day of ids is a partition of the identity table: an id from the year 5000 must not make one.
  if (made !== undefined && made > latest)
    return refused(
      checked,
      'in_the_future',
      '/id',
      `the id was made at ${formatInstant(made)}, after ${formatInstant(latest)}`,
    );
  return { event: usageEvent(checked, quantities, at) };
}

function usageEvent(checked: CheckedEvent, quantities: Quantities, at: number): UsageEvent {
  const { kind, envelope, data } = checked;
  // One literal for all kinds: the readers' hot loops then see one shape.
  return {
    kind,
    id: envelope.id,
    source: envelope.source,
    organization: envelope.subject,
    at,
    sequence: envelope.sequence ? BigInt(envelope.sequence) : null,
    reservation: data.reservation ?? null,
    mapped: envelope.mbmapped === 'true',
    usage: kind === 'voided' ? null : usageOf(data, quantities),
    original: kind === 'recorded' ? null : originalOf(checked),
  } as UsageEvent;
}

function usageOf(data: CheckedEvent['data'], quantities: Quantities): Usage {
  return {
    model: data.model,
    project: data.project ?? null,
    apiKey: data.api_key ?? null,
    serviceTier: data.service_tier ?? 'on_demand',
    adapter: data.adapter ?? null,
    user: data.user ?? null,
    status: data.status ?? 'completed',
    quantities,
  };
}

function originalOf({ envelope, data }: CheckedEvent): Original {
  const { id, source } = data.original;
  return { id, source: source ?? envelope.source, reason: data.reason };
}

function refused(
  checked: CheckedEvent,
  reason: Fault['reason'],
  pointer: string,
  detail: string,
): Gated {
  return refusal({ reason, pointer, detail }, checked.envelope);
}
