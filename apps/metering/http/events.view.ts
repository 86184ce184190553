// One event as the contract shows it (http-contract.md, metering).
import type { Terms } from '#libs/rating/price-book.js';
import { formatInstant, hourOf } from '#libs/time/instant.js';
import { stateOfCounted, stateOfRejected } from '../domain/event-state.js';
import { parseAsWritten } from '../domain/recorded-json.js';
import type { CorrectionRow, CountedEvent, EventName } from '../store/event-query.store.js';
import type { InvoiceLinesFound } from '../store/invoice-lines.js';
import type { RejectedRow } from '../store/rejected-query.store.js';

/** An event that holds its identity. `hour` is the one it is booked in: of a correction, that of its original. */
export function countedEventView(
  name: EventName,
  found: CountedEvent,
  context: {
    readonly terms: Terms | undefined;
    readonly rejected: readonly RejectedRow[];
    readonly lines: InvoiceLinesFound;
  },
) {
  const { event, record, corrections, applied } = found;
  const booked = corrections.flatMap(({ deltas }) => deltas);
  const at = applied?.deltas[0]?.at ?? event?.at;
  return {
    ...named(name),
    state: stateOfCounted({ event, booked, terms: context.terms }),
    position: found.position,
    hour: at === undefined ? null : formatInstant(hourOf(at)),
    event: (record && parseAsWritten(record.value)) ?? null,
    repeats: found.repeats.map((position) => ({ position })),
    repeat_count: found.repeatCount,
    corrections: corrections.map(correctionView),
    conflicts: context.rejected.filter(({ reason }) => reason === 'conflict').map(refusalView),
    ...linesView(context.lines),
  };
}

/** An event that was only ever refused: it counts nowhere and has no hour. */
export function rejectedEventView(name: EventName, rejected: readonly RejectedRow[]) {
  const last = rejected.at(-1);
  const conflicts = rejected.filter(({ reason }) => reason === 'conflict');
  return {
    ...named(name),
    state: stateOfRejected(rejected.map(({ reason }) => reason)),
    position: last?.position ?? null,
    hour: null,
    event: (last && parseAsWritten(last.raw)) ?? null,
    repeats: [],
    repeat_count: 0,
    corrections: [],
    conflicts: conflicts.map(refusalView),
    invoice_lines: [],
    rejections: rejected.map(({ reason, pointer, ...row }) => ({
      reason,
      pointer,
      ...refusalView(row),
    })),
  };
}

// An event has a line for each of its pools, or two where it corrects; the contract's single one is the first of them.
function linesView(found: InvoiceLinesFound) {
  if (found.lines === null)
    return { invoice_lines: null, invoice_lines_unavailable: found.unavailable };
  const [first] = found.lines;
  const { lines: invoice_lines } = found;
  if (!first) return { invoice_lines };
  return { invoice_line: { number: first.number, line: first.line }, invoice_lines };
}

function named({ id, source, organization }: EventName) {
  return { id, source, organization };
}

function correctionView({ id, position, reason, kind }: CorrectionRow) {
  return { id, position, reason, kind };
}

function refusalView({ position, winner, detail, at }: Omit<RejectedRow, 'reason' | 'pointer'>) {
  return { position, winner, detail, at: formatInstant(at) };
}
