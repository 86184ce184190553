// Where a fact is in the log, as its answer promises it.
import type { LogPosition } from '#libs/events/rejection.js';
import { Problem } from '#libs/http/problem.js';
import type { OutboxStore } from './outbox.store.js';

const WAIT_MS = 5_000;

export class FactPositions {
  constructor(
    private readonly outbox: OutboxStore,
    private readonly waitMs = WAIT_MS,
  ) {}

  /**
   * Waits (at most 5 s) until the fact is in the log; `offset` is the one after it, usable as `at_least`. Problem 503
   * `log_unavailable` when it is not there by then: the fact is kept and will be published.
   */
  async of(fact: { readonly topic: string; readonly factId: number }): Promise<LogPosition> {
    const position = await this.outbox.untilPublished(fact.topic, fact.factId, this.waitMs);
    if (position) return position;
    throw new Problem(
      503,
      'log_unavailable',
      `The log cannot be reached. The change is kept as fact ${fact.factId} of ${fact.topic} and is published as soon as the ` +
        'log is back; the same request (a POST: with the same Idempotency-Key) does not make it twice.',
      { headers: { 'retry-after': '5' } },
    );
  }
}
