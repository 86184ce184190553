// How events come in a body: one, a batch, lines, or one in binary mode with its attributes in `ce-*` headers.
import { structured } from '#libs/events/cloud-event.js';
import { decodeUtf8, parseJson } from '#libs/events/gate-json.js';
import { MAX_EVENT_BYTES } from '#libs/events/gate.js';
import { Problem } from '#libs/http/problem.js';
import { shownMedia } from '#libs/http/shown-media.js';
import type { IncomingHttpHeaders } from 'node:http';
import { splitArray } from '../domain/split-array.js';
import { splitLines } from '../domain/split-lines.js';

export const MAX_EVENTS = 10_000;

export const EVENT_MEDIA = [
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/x-ndjson',
] as const;

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** The items of a request as bytes. */
export interface SentItems {
  readonly items: readonly Buffer[];
  /** Of an array, one item that is not JSON makes the whole body so; a line stands alone. */
  readonly kind: 'one' | 'lines' | 'array';
}

/** `application/x-ndjson; charset=utf-8` → `application/x-ndjson`: parameters say nothing that we need. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** Cuts a body into its items; throws Problem 413 above 10,000, 400 for a broken array, 415 for another media type. */
export function splitEvents(body: Buffer, headers: IncomingHttpHeaders, media: string): SentItems {
  const bytes = withoutMark(body);
  switch (media) {
    case 'application/cloudevents+json':
      return { items: [bytes], kind: 'one' };
    case 'application/x-ndjson':
      return { items: few(splitLines(bytes, MAX_EVENTS)), kind: 'lines' };
    case 'application/cloudevents-batch+json':
      return { items: elements(bytes), kind: 'array' };
    default:
      if (media === 'application/json' && isBinaryMode(headers))
        return { items: [binaryEvent(bytes, headers)], kind: 'one' };
      throw unsupportedMedia(media);
  }
}

/** The elements of a JSON array, by their own bytes. */
export function elements(bytes: Buffer): readonly Buffer[] {
  const cut = splitArray(bytes, MAX_EVENTS);
  if (!cut) throw notJson('The batch is not one JSON array.');
  return few(cut);
}

/** 400 for a body of which nothing can be told apart. */
export function notJson(detail: string): Problem {
  return new Problem(400, 'invalid_json', detail, {
    errors: [{ pointer: '', code: 'invalid_json', detail }],
  });
}

/** 415 that names what is taken. */
export function unsupportedMedia(media: string): Problem {
  const detail =
    media === 'application/json'
      ? 'application/json is binary mode: it needs ce-specversion, ce-id, ce-source and ce-type headers.'
      : `Events come as ${EVENT_MEDIA.join(', ')} or, with ce-* headers, application/json; not as ${shownMedia(media)}.`;
  return new Problem(415, 'unsupported_media_type', detail, {
    headers: { 'accept-post': EVENT_MEDIA.join(', ') },
  });
}

function isBinaryMode(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name.startsWith('ce-'));
}

/** Binary mode → one structured event around the data's own bytes (CloudEvents HTTP binding 3.1). */
function binaryEvent(body: Buffer, headers: IncomingHttpHeaders): Buffer {
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith('ce-') && value !== undefined)
      attributes[name.slice(3)] = decoded(Array.isArray(value) ? value.join(',') : value);
  attributes['datacontenttype'] = 'application/json';
  delete attributes['data'];
  if (body.length === 0) return structured(attributes, null);
  // The gate has the words for it, and need not wait for megabytes to be parsed.
  if (body.length > MAX_EVENT_BYTES) return body;
  const text = decodeUtf8(body);
  // Only one whole JSON value may stand in the event: anything else could write attributes of its own.
  const isJson = text !== undefined && parseJson(text) !== undefined;
  return isJson ? structured(attributes, body) : body;
}

// A header that is no percent-encoding of UTF-8 is taken as it stands (HTTP binding 3.1.3.2).
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function withoutMark(body: Buffer): Buffer {
  return body.subarray(0, 3).equals(BYTE_ORDER_MARK) ? body.subarray(3) : body;
}

function few(items: readonly Buffer[]): readonly Buffer[] {
  if (items.length <= MAX_EVENTS) return items;
  throw new Problem(413, 'too_many_events', `The body has more than ${MAX_EVENTS} events.`);
}
