// OpenMeter's events become ours: the organization is the key's, the subject is the end user, and types that we know the data
// of are mapped. What cannot be mapped is left as it is, for the gate to name.
import { MAPPED_ATTRIBUTE } from '#libs/events/cloud-event.js';
import { MEASURES } from '#libs/events/quantities.js';
import type { Refusal } from '#libs/events/rejection.js';
import { CORRECTED_TYPE, RECORDED_TYPE, VOIDED_TYPE } from '#libs/events/usage-event.js';
import { formatInstant } from '#libs/time/instant.js';
import type { EventMapping } from '#libs/rating/ingest-mappings.js';
import { mapByCatalog } from './catalog-mapping.js';
import {
  asCount,
  INCOMPLETE,
  MAPPINGS,
  type Mapping,
  type MappingFault,
} from './openmeter-mappings.js';

type Fields = Readonly<Record<string, unknown>>;

export interface Arrival {
  readonly now: number;
  /** The organization that the key is bound to; null makes the subject name it. */
  readonly organization: string | null;
  /** `ingest.mappings` of the catalog in force; they come before what is built in. */
  readonly mappings?: Readonly<Record<string, EventMapping>> | undefined;
}

/** The event to put through the gate, or why it cannot be made. */
export type Translated = { readonly event: Fields } | { readonly refusal: Refusal };

const OWN_TYPES: ReadonlySet<unknown> = new Set([RECORDED_TYPE, VOIDED_TYPE, CORRECTED_TYPE]);
const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?$/;

/** One parsed event of OpenMeter's door → one of ours. */
export function translate(raw: unknown, arrival: Arrival): Translated {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return { event: raw as Fields };
  const event = envelope(raw as Fields, arrival);
  const mapped = OWN_TYPES.has(event['type'])
    ? ownData(event)
    : mappedData(event, arrival.mappings ?? {});
  if ('fault' in mapped) return { refusal: { ...mapped.fault, id: idOf(raw as Fields) } };
  return { event: mapped.event };
}

function envelope(raw: Fields, { now, organization }: Arrival): Record<string, unknown> {
  // A null prototype: `__proto__` is then a name like any other, and the gate refuses it.
  const event: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(raw)) if (value !== null) event[name] = value;
  event['specversion'] ??= '1.0';
  if (organization !== null) {
    const data = event['data'];
    if (isFields(data) && event['subject'] !== undefined && event['subject'] !== '')
      event['data'] = { ...data, user: data['user'] ?? event['subject'] };
    event['subject'] = organization;
  }
  const time = event['time'];
  // A repeat of an event without a time comes at another: it is told by the rest, as mapped ones are.
  if (time === undefined) event[MAPPED_ATTRIBUTE] = 'true';
  if (time === undefined) event['time'] = formatInstant(now);
  else if (typeof time === 'string' && WITHOUT_ZONE.test(time))
    event['time'] = `${time.replace(' ', 'T')}Z`;
  return event;
}

type Mapped = { readonly event: Fields } | { readonly fault: MappingFault };

function ownData(event: Record<string, unknown>): Mapped {
  const data = event['data'];
  if (!isFields(data)) return { event };
  const tokens = data['tokens'];
  const own: Record<string, unknown> = { ...data };
  for (const name of MEASURES) if (name in own) own[name] = asCount(own[name]);
  if (isFields(tokens))
    own['tokens'] = Object.fromEntries(
      Object.entries(tokens).map(([pool, units]) => [pool, asCount(units)]),
    );
  return { event: { ...event, data: own } };
}

function mappedData(
  event: Record<string, unknown>,
  mappings: Readonly<Record<string, EventMapping>>,
): Mapped {
  const type = typeof event['type'] === 'string' ? event['type'] : '';
  const published = Object.hasOwn(mappings, type) ? mappings[type] : undefined;
  const builtIn = MAPPINGS.get(type);
  if (!published && !builtIn) return { event };
  const data = event['data'];
  if (!isFields(data))
    return { fault: { reason: 'no_usage', pointer: '/data', detail: `${type} needs its data` } };
  if (published) {
    const mapped = mapByCatalog(data, published);
    if ('fault' in mapped) return mapped;
    const marks = published.poolsIncomplete ? INCOMPLETE : {};
    return { event: ours(event, marks, mapped.data) };
  }
  const mapped = (builtIn as Mapping)(data);
  if ('fault' in mapped) return mapped;
  const { model, tokens, attributes } = mapped;
  return { event: ours(event, attributes, { model, user: data['user'] ?? null, tokens }) };
}

function ours(event: Fields, attributes: Readonly<Record<string, string>>, data: Fields): Fields {
  const marks = { [MAPPED_ATTRIBUTE]: 'true', mbtype: event['type'], type: RECORDED_TYPE };
  return { ...event, ...attributes, ...marks, data };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function idOf(raw: Fields): string | null {
  const id = raw['id'];
  return typeof id === 'string' ? id.slice(0, 256) : null;
}
