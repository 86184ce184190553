// A usage event after the gate: what every reader of `usage.recorded` agrees that a record says.
import type { Quantities, ServiceTier } from './quantities.js';

export const RECORDED_TYPE = 'dev.meterbook.usage.v1';
export const VOIDED_TYPE = 'dev.meterbook.usage.voided.v1';
export const CORRECTED_TYPE = 'dev.meterbook.usage.corrected.v1';

/** What was used and under which names it is counted. Unset names are null, never ''. */
export interface Usage {
  readonly model: string;
  readonly project: string | null;
  readonly apiKey: string | null;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly user: string | null;
  readonly status: 'completed' | 'aborted' | 'failed';
  readonly quantities: Quantities;
}

/** Names the event that a voided or corrected event is about, and why. */
export interface Original {
  readonly source: string;
  readonly id: string;
  readonly reason: string;
}

interface UsageEventCommon {
  readonly id: string;
  readonly source: string;
  readonly organization: string;
  /** When the tokens were produced, epoch milliseconds: decides the hour. */
  readonly at: number;
  /** Per-source contiguous counter, when the node keeps one. */
  readonly sequence: bigint | null;
  readonly reservation: string | null;
  /** Mapped from another vendor's event: a repeat is then told without its time (http-contract.md, OpenMeter's door). */
  readonly mapped: boolean;
}

export type UsageEvent =
  | (UsageEventCommon & {
      readonly kind: 'recorded';
      readonly usage: Usage;
      readonly original: null;
    })
  | (UsageEventCommon & {
      readonly kind: 'voided';
      readonly usage: null;
      readonly original: Original;
    })
  | (UsageEventCommon & {
      readonly kind: 'corrected';
      readonly usage: Usage;
      readonly original: Original;
    });
