// The gate: bytes of one structured CloudEvent → a usage event, or the one reason why not. Ingest and metering use the
// same gate, so what the door accepted can always be counted. It never throws, whatever the bytes are.
import type { Refusal } from './rejection.js';
import type { UsageEvent } from './usage-event.js';

export interface GateContext {
  /** Epoch ms that the acceptance window is measured from: now at the door, the append time in metering. */
  readonly now: number;
  /** Acceptance window of event times; 35 days back and 5 minutes ahead unless set. */
  readonly window?: { readonly pastMs: number; readonly futureMs: number };
  /** Widens the window on both sides, so that a reader never refuses what the door took a moment earlier. */
  readonly slackMs?: number;
}

export type Gated = { readonly event: UsageEvent } | { readonly refusal: Refusal };

export function gate(bytes: Buffer, context: GateContext): Gated {
  throw new Error(`the gate is being built: ${bytes.length} bytes at ${context.now}`);
}
