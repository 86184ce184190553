// Asks invoicing over HTTP which lines of issued invoices an event is on. The event is told without them when invoicing is away.
import type { UsageDelta } from '#libs/events/metered-batch.js';
import type { LogPosition } from '#libs/events/rejection.js';

/** Signed units of the line's pool that the event adds to it. */
export interface InvoiceLineOfEvent {
  readonly number: string;
  readonly line: number;
  readonly kind: string;
  readonly pool: string;
  readonly quantity: number;
}

/** The lines, by invoice and line; or why they are not known: `service_not_configured`, `service_unavailable`. */
export type InvoiceLinesFound =
  | { readonly lines: readonly InvoiceLineOfEvent[] }
  | { readonly lines: null; readonly unavailable: string };

/** What invoicing may take: an event is told without its lines rather than late. */
const ANSWER_MS = 2_000;

export class InvoiceLines {
  constructor(
    /** Base URL of invoicing; undefined where this installation was not told one. */
    private readonly base: string | undefined,
    /** An API key with the scope `ops`, bound to no organization. */
    private readonly key: string,
  ) {}

  /** Of an event at a position, by what it booked; throws nothing. */
  async of(
    organization: string,
    { partition, offset }: LogPosition,
    deltas: readonly UsageDelta[],
  ): Promise<InvoiceLinesFound> {
    if (deltas.length === 0) return { lines: [] };
    if (this.base === undefined) return { lines: null, unavailable: 'service_not_configured' };
    const told = deltas.map(({ at, model, serviceTier, adapter, quantities }) => {
      return { at, model, service_tier: serviceTier, adapter, quantities };
    });
    try {
      const answer = await fetch(new URL('/ops/event-lines', this.base), {
        method: 'POST',
        headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ organization, partition, offset, deltas: told }),
        signal: AbortSignal.timeout(ANSWER_MS),
        redirect: 'error',
      });
      const { data } = (await answer.json()) as { data?: readonly InvoiceLineOfEvent[] };
      if (answer.ok && Array.isArray(data)) return { lines: data };
    } catch {
      // Told below.
    }
    return { lines: null, unavailable: 'service_unavailable' };
  }
}
