// What the doors for events take and answer, as the schemas of their OpenAPI documents.
import { DOOR_REASONS } from '#libs/events/rejection.js';
import { correctedEvent, recordedEvent, voidedEvent } from '#libs/events/usage-schema.js';
import type { BodySchemas, DescribedAnswer } from '#libs/http/described-shapes.js';
import { MAX_EVENTS } from './events-media.js';

type Json = Readonly<Record<string, unknown>>;

const EVENT = {
  title: 'UsageEvent',
  description: 'A CloudEvent of 16 KiB at most; further attributes are extensions and are kept.',
  oneOf: [
    { title: 'UsageRecorded', ...told(recordedEvent) },
    { title: 'UsageVoided', ...told(voidedEvent) },
    { title: 'UsageCorrected', ...told(correctedEvent) },
  ],
};
const BATCH = { type: 'array', items: EVENT, maxItems: MAX_EVENTS };
const POINTER = { type: 'string', description: 'A JSON pointer into the event' };

const REJECTED_ITEM = {
  title: 'RejectedItem',
  type: 'object',
  required: ['index', 'id', 'reason', 'pointer', 'detail'],
  properties: {
    index: { type: 'integer', minimum: 0, description: 'Its place among those sent, from 0' },
    id: { type: ['string', 'null'] },
    reason: { enum: DOOR_REASONS },
    pointer: POINTER,
    detail: { type: 'string' },
  },
};
const REJECTED = { type: 'array', items: REJECTED_ITEM };
const COUNTED = {
  accepted: {
    type: 'integer',
    minimum: 0,
    description: 'Items that the log now holds, repeats included',
  },
  positions: {
    type: 'object',
    description: 'By partition, the offset after the last record of this request: for at_least',
    additionalProperties: { type: 'integer', minimum: 0 },
  },
  rejected: REJECTED,
};

const problem = (description: string, properties: Json): DescribedAnswer => ({
  description,
  mediaType: 'application/problem+json',
  schema: {
    allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties }],
  },
});

/** The bodies of `POST /v1/events`. */
export const EVENTS_BODY: BodySchemas = {
  'application/cloudevents+json': EVENT,
  'application/cloudevents-batch+json': BATCH,
  'application/x-ndjson': {
    type: 'string',
    description: `One UsageEvent per line, at most ${MAX_EVENTS}; a broken line is one rejected item.`,
  },
  'application/json': {
    ...told(dataOf(recordedEvent)),
    description: 'Binary mode: the data alone; the attributes are ce-* headers.',
  },
};

/** The answers of `POST /v1/events` that say what became of its items. */
export const EVENTS_ANSWERS: Readonly<Record<number, DescribedAnswer>> = {
  202: {
    description: 'All in-sync replicas hold what was accepted',
    schema: {
      title: 'EventsTaken',
      type: 'object',
      required: ['accepted', 'positions', 'rejected'],
      properties: COUNTED,
    },
  },
  400: problem('No event was accepted, or the body is none', COUNTED),
};

// Another vendor's clients send what the catalog's mappings translate: only the envelope is known.
const FOREIGN_EVENT = {
  title: 'ForeignEvent',
  type: 'object',
  description: 'A CloudEvent of ours, or of a type that the catalog maps; time may be missing.',
  required: ['id', 'source', 'type'],
  properties: {
    specversion: { type: ['string', 'null'] },
    id: { type: 'string' },
    source: { type: 'string' },
    type: { type: 'string' },
    subject: { type: ['string', 'null'] },
    time: { type: ['string', 'null'] },
    data: { type: ['object', 'null'] },
  },
};
const FOREIGN_BATCH = { type: 'array', items: FOREIGN_EVENT, maxItems: MAX_EVENTS };

/** The bodies of `POST /api/v1/events`. */
export const OPENMETER_BODY: BodySchemas = {
  'application/cloudevents+json': FOREIGN_EVENT,
  'application/cloudevents-batch+json': FOREIGN_BATCH,
  'application/json': { oneOf: [FOREIGN_EVENT, FOREIGN_BATCH] },
};

/** The answers of `POST /api/v1/events`. */
export const OPENMETER_ANSWERS: Readonly<Record<number, DescribedAnswer>> = {
  204: { description: 'All were accepted, repeats included' },
  400: problem('Some events were not accepted; the good ones are kept', { rejected: REJECTED }),
};

function dataOf(event: typeof recordedEvent): object {
  return event.properties.data;
}

// The gate's schemas keep the reason and the words of a refusal beside each rule: the words become the description.
function told(schema: object): Json {
  return plain(JSON.parse(JSON.stringify(schema))) as Json;
}

function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== 'object' || node === null) return node;
  const { reason, rule, ...others } = node as Record<string, unknown>;
  const isRule = typeof reason === 'string' && typeof rule === 'string';
  const kept = isRule ? others : node;
  const entries = Object.entries(kept).map(([name, value]) => [name, plain(value)]);
  return lengths({
    ...Object.fromEntries(entries),
    ...(isRule && { description: `Must be ${rule}` }),
  });
}

// The gate's patterns count pairs of surrogates, for speed; tools compile patterns by code point, where such a pair never matches.
function lengths({ pattern, ...others }: Record<string, unknown>): Record<string, unknown> {
  if (typeof pattern !== 'string') return others;
  const [, least, most] = /\{(\d+),(\d+)\}\|.*ud800/.exec(pattern) ?? [];
  if (least === undefined) return { pattern, ...others };
  return { minLength: Number(least), maxLength: Number(most), ...others };
}
