// What a node sends: one CloudEvent of ours, built in the order of the contract's example.
import type { ServiceTier, TokenPool } from '#libs/events/quantities.js';
import { formatInstant } from '#libs/time/instant.js';
import type { Random } from './random.js';

export interface UsageMessage {
  readonly id: string;
  readonly source: string;
  readonly organization: string;
  readonly at: number;
  readonly sequence: number | null;
  readonly model: string;
  readonly project: string | null;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly tokens: Partial<Record<TokenPool, number>>;
}

const HEX = '0123456789abcdef';

/** A UUIDv7 (RFC 9562 5.7) for an instant: time-ordered ids are the fast path of the identity table. */
export function uuidV7(at: number, random: Random): string {
  const digits = at.toString(16).padStart(12, '0');
  let tail = '';
  for (let index = 0; index < 18; index += 1) tail += HEX[Math.floor(random() * 16)];
  const variant = HEX[8 + Math.floor(random() * 4)];
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7${tail.slice(0, 3)}-${variant}${tail.slice(3, 6)}-${tail.slice(6)}`;
}

/** The structured CloudEvent of a usage event. */
export function usageCloudEvent(message: UsageMessage): Record<string, unknown> {
  const { model, project, serviceTier, adapter, tokens } = message;
  return {
    ...envelope(message, 'dev.meterbook.usage.v1'),
    data: { model, project, service_tier: serviceTier, adapter, status: 'completed', tokens },
  };
}

/** A correction of an earlier event of the same node: the new tokens replace the old ones at the original's hour. */
export function correctedCloudEvent(
  message: UsageMessage,
  original: UsageMessage,
  reason: string,
): Record<string, unknown> {
  const event = usageCloudEvent(message);
  const named = { original: { id: original.id, source: original.source }, reason };
  return {
    ...event,
    type: 'dev.meterbook.usage.corrected.v1',
    data: { ...named, ...(event['data'] as object) },
  };
}

/** Takes an earlier event of the same node off the books. */
export function voidedCloudEvent(
  message: UsageMessage,
  original: UsageMessage,
  reason: string,
): Record<string, unknown> {
  const data = { original: { id: original.id, source: original.source }, reason };
  return { ...envelope(message, 'dev.meterbook.usage.voided.v1'), data };
}

function envelope(message: UsageMessage, type: string): Record<string, unknown> {
  const { id, source, organization: subject, at, sequence } = message;
  const ordered = sequence === null ? {} : { sequence: String(sequence).padStart(20, '0') };
  return { specversion: '1.0', type, source, id, subject, time: formatInstant(at), ...ordered };
}
