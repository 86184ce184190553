// What names an event: (organization, source, id), wherever it was sent and however often. Metering keeps key → position.
// The invariant: the key is a function of those three texts alone, so a repeat always meets the first occurrence.
import { hash } from 'node:crypto';
import { QUANTITIES } from './quantities.js';
import type { Usage, UsageEvent } from './usage-event.js';

/** Where ids without a time of their own go: above every time until the year 10889. */
export const UNORDERED_PREFIX = 'ffffffffffff';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const ULID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i;
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * 16 bytes as 32 hex digits: 48 bits of milliseconds out of a UUIDv7 or ULID (else `ffffffffffff`), then 80 bits of
 * SHA-256 over the three texts. They must hold no line feed (the gate refuses control characters): it keeps them apart.
 */
export function identityKey(organization: string, source: string, id: string): string {
  const digest = hash('sha256', `${organization}\n${source}\n${id}`, 'hex');
  return timePrefix(id) + digest.slice(0, 20);
}

/** Epoch ms that a UUIDv7 or ULID carries in its first 48 bits; undefined for any other id. */
export function idTime(id: string): number | undefined {
  const prefix = timePrefix(id);
  return prefix === UNORDERED_PREFIX ? undefined : Number.parseInt(prefix, 16);
}

/**
 * 64 signed bits over what an event says: the same id with another fingerprint is a conflict. Field order, spelling of
 * numbers, absent or zero pools and the delivery's own `sequence` make no difference. A mapped event is told by its model
 * without the provider and its pools only, since LiteLLM sends a cache hit again with another time.
 */
export function fingerprint(event: UsageEvent): bigint {
  const text = event.mapped ? mappedContent(event) : content(event);
  return hash('sha256', text, 'buffer').readBigInt64BE(0);
}

function timePrefix(id: string): string {
  if (id.length === 36 && UUID_V7.test(id)) return (id.slice(0, 8) + id.slice(9, 13)).toLowerCase();
  if (id.length === 26 && ULID.test(id)) return ulidTime(id).toString(16).padStart(12, '0');
  return UNORDERED_PREFIX;
}

function ulidTime(id: string): number {
  let time = 0;
  for (const letter of id.slice(0, 10).toLowerCase()) time = time * 32 + CROCKFORD.indexOf(letter);
  return time;
}

function content(event: UsageEvent): string {
  const original = event.original;
  return JSON.stringify([
    event.kind,
    event.at,
    event.reservation,
    event.usage ? names(event.usage) : null,
    event.usage ? quantitiesText(event.usage) : null,
    original ? [original.source, original.id, original.reason] : null,
  ]);
}

function mappedContent(event: UsageEvent): string {
  const usage = event.usage;
  if (!usage) return content(event);
  const model = usage.model.slice(usage.model.lastIndexOf('/') + 1);
  return JSON.stringify(['mapped', event.kind, model, quantitiesText(usage)]);
}

function names(usage: Usage): readonly (string | null)[] {
  const { model, project, apiKey, serviceTier, adapter, user, status } = usage;
  return [model, project, apiKey, serviceTier, adapter, user, status];
}

function quantitiesText(usage: Usage): string {
  let text = '';
  for (const quantity of QUANTITIES) {
    const units = usage.quantities[quantity];
    if (units) text += `${quantity}=${units};`;
  }
  return text;
}
