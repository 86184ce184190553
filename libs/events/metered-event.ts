// What metering says of an event that it counted, and what the event changed.
import type { Quantities, ServiceTier } from './quantities.js';

/** A signed change of usage at one hour and under one set of names. A corrected event is two: the old taken off, the new put on. */
export interface UsageDelta {
  /** The event time that decides the hour, epoch ms; for a correction, the original's. */
  readonly at: number;
  readonly model: string;
  readonly project: string | null;
  readonly apiKey: string | null;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly user: string | null;
  /** +1 for usage, −1 for usage taken off. */
  readonly requests: 1 | -1;
  readonly quantities: Quantities;
}

export interface MeteredEvent {
  /** Raw offset in `usage.recorded`, same partition. */
  readonly offset: number;
  /** Identity key, 32 hex digits. */
  readonly key: string;
  readonly kind: 'recorded' | 'voided' | 'corrected';
  readonly source: string;
  readonly id: string;
  readonly organization: string;
  readonly reservation: string | null;
  readonly deltas: readonly UsageDelta[];
}
