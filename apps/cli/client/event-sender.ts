// Sends events as NDJSON, several batches at once, and repeats what was not acknowledged: a repeat is safe by identity.
import { pause } from '#libs/stack/children.js';
import { type Api, ApiError } from './api.js';

export interface Sent {
  accepted: number;
  readonly rejected: { readonly id: string | null; readonly reason: string }[];
  /** Per partition of `usage.recorded`, the offset after the last record: what a reader must have reached. */
  readonly positions: Map<number, number>;
  repeatedRequests: number;
}

interface EventsAnswer {
  readonly accepted?: number;
  readonly positions?: Readonly<Record<string, number>>;
  readonly rejected?: Sent['rejected'];
}

export interface SendEventsOptions {
  readonly batch: number;
  readonly concurrency: number;
  readonly onSent?: (events: number) => void;
  /** Waits before a batch when the events are played at a speed; gets the index of its first line. */
  readonly before?: (index: number) => Promise<void>;
}

export function nothingSent(): Sent {
  return { accepted: 0, rejected: [], positions: new Map(), repeatedRequests: 0 };
}

/** Sends every line; gives up on a batch after 40 refused or unanswered tries. Batches are at most 10,000 lines (contract). */
export async function sendEvents(
  api: Api,
  lines: readonly string[],
  sent: Sent,
  options: SendEventsOptions,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < lines.length) {
      const first = next;
      next += options.batch;
      const batch = lines.slice(first, first + options.batch);
      await options.before?.(first);
      await sendBatch(api, batch.join('\n'), sent);
      options.onSent?.(batch.length);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
}

/** Notes a position as `at_least` wants it; a later offset of a partition replaces an earlier one. */
export function notePosition(sent: Sent, partition: number, offset: number): void {
  sent.positions.set(partition, Math.max(offset, sent.positions.get(partition) ?? 0));
}

/** `usage.recorded:0:12,usage.recorded:1:7` for reads that must see what was sent. */
export function atLeast(sent: Sent): string {
  return [...sent.positions]
    .map(([partition, offset]) => `usage.recorded:${partition}:${offset}`)
    .join(',');
}

async function sendBatch(api: Api, body: string, sent: Sent): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      note(
        sent,
        await api.post<EventsAnswer>('/v1/events', body, { contentType: 'application/x-ndjson' }),
      );
      return;
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 400;
      if (refused) {
        note(sent, error.body as EventsAnswer);
        return;
      }
      const isFinal = error instanceof ApiError && error.status < 500 && error.status !== 429;
      if (isFinal || attempt === 40) throw error;
      sent.repeatedRequests += 1;
      await pause(Math.min(2_000, 50 * 2 ** Math.min(attempt, 6)));
    }
  }
}

function note(sent: Sent, answer: EventsAnswer): void {
  sent.accepted += answer.accepted ?? 0;
  sent.rejected.push(...(answer.rejected ?? []));
  for (const [partition, offset] of Object.entries(answer.positions ?? {}))
    notePosition(sent, Number(partition), offset);
}
