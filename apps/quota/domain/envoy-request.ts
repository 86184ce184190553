// Envoy's descriptors → reservations. A descriptor is a list of keys and values that Envoy's configuration takes from the request.
import { SERVICE_TIERS } from '#libs/events/quantities.js';
import type { ReservationRequest } from './decision.js';

export interface EnvoyDescriptor {
  readonly entries?: readonly { readonly key?: string; readonly value?: string }[];
  /** `google.protobuf.UInt64Value`: an object with decimal text, or null. */
  readonly hits_addend?: { readonly value?: string } | null;
}

export interface EnvoyRequest {
  readonly domain?: string;
  readonly descriptors?: readonly EnvoyDescriptor[];
  readonly hits_addend?: number;
}

/** Why a descriptor cannot be decided: a sentence that names the entry. */
export interface DescriptorFault {
  readonly fault: string;
}

const KEYS = [
  'organization',
  'model',
  'project',
  'api_key',
  'service_tier',
  'adapter',
  'input_tokens',
  'max_output_tokens',
  'request_id',
  'ttl_seconds',
] as const;
type Key = (typeof KEYS)[number];

const MAX_DESCRIPTORS = 16;
const DEFAULT_TTL_SECONDS = 600;

/**
 * One reservation per descriptor. Without `input_tokens` and `max_output_tokens` the hits are the tokens of the whole request;
 * without hits too, the worst case is the model's maximum output. `organization` may be left out with a key that is bound to
 * one. `nameOf` makes the request id of a descriptor that has none.
 */
export function reservationsOf(
  { descriptors = [], hits_addend: hits = 0 }: EnvoyRequest,
  bound: string | null,
  nameOf: (index: number) => string,
): readonly ReservationRequest[] | DescriptorFault {
  if (descriptors.length === 0) return { fault: 'descriptors: at least one is needed' };
  if (descriptors.length > MAX_DESCRIPTORS)
    return { fault: `descriptors: at most ${MAX_DESCRIPTORS} are taken` };
  const found: ReservationRequest[] = [];
  for (const [index, descriptor] of descriptors.entries()) {
    const own = descriptor.hits_addend?.value;
    const tokens = own === undefined ? BigInt(hits) : BigInt(own);
    const entries = entriesOf(descriptor);
    const one = typeof entries === 'string' ? entries : reservationOf(entries, bound, tokens);
    if (typeof one === 'string') return { fault: `descriptors[${index}]: ${one}` };
    found.push({ ...one, requestId: one.requestId || nameOf(index) });
  }
  return found;
}

function entriesOf({ entries = [] }: EnvoyDescriptor): Map<Key, string> | string {
  const found = new Map<Key, string>();
  for (const { key = '', value = '' } of entries) {
    const known = KEYS.find((name) => name === key);
    if (!known) return `${key || 'an entry without a key'} is none of ${KEYS.join(', ')}`;
    if (value === '' || value.length > 256) return `${key} must have 1 to 256 characters`;
    if (found.has(known)) return `${key} is there twice`;
    found.set(known, value);
  }
  return found;
}

function reservationOf(
  entries: ReadonlyMap<Key, string>,
  bound: string | null,
  hits: bigint,
): ReservationRequest | string {
  const organization = entries.get('organization') ?? bound;
  const model = entries.get('model');
  if (organization === null) return 'organization is needed with a key that is bound to none';
  if (model === undefined) return 'model is needed';
  const tier = entries.get('service_tier') ?? 'on_demand';
  const serviceTier = SERVICE_TIERS.find((name) => name === tier);
  if (!serviceTier) return `service_tier must be one of ${SERVICE_TIERS.join(', ')}`;
  const counts = countsOf(entries, hits);
  if (typeof counts === 'string') return counts;
  return {
    requestId: entries.get('request_id') ?? '',
    organization,
    model,
    project: entries.get('project') ?? null,
    apiKey: entries.get('api_key') ?? null,
    serviceTier,
    adapter: entries.get('adapter') ?? null,
    measures: {},
    ...counts,
  };
}

function countsOf(
  entries: ReadonlyMap<Key, string>,
  hits: bigint,
): Pick<ReservationRequest, 'inputTokens' | 'maxOutputTokens' | 'ttlSeconds'> | string {
  const [input, output, ttl] = [
    countIn(entries, 'input_tokens', 0),
    countIn(entries, 'max_output_tokens', 0),
    countIn(entries, 'ttl_seconds', 1),
  ];
  for (const one of [input, output, ttl]) if (typeof one === 'string') return one;
  const [inputTokens, maxOutputTokens, ttlSeconds] = [input, output, ttl] as (bigint | undefined)[];
  if (ttlSeconds !== undefined && ttlSeconds > 86_400n)
    return 'ttl_seconds must be a whole number from 1 to 86400';
  const isWhole = inputTokens === undefined && maxOutputTokens === undefined && hits > 0n;
  return {
    inputTokens: inputTokens ?? (isWhole ? hits : 0n),
    maxOutputTokens: maxOutputTokens ?? (isWhole ? 0n : null),
    ttlSeconds: ttlSeconds === undefined ? DEFAULT_TTL_SECONDS : Number(ttlSeconds),
  };
}

function countIn(
  entries: ReadonlyMap<Key, string>,
  key: Key,
  least: number,
): bigint | undefined | string {
  const text = entries.get(key);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text) || Number(text) < least)
    return `${key} must be a whole number of at least ${least}`;
  return BigInt(text);
}
