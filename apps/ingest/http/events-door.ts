import { Counter } from 'prom-client';
import { Problem, type FieldError } from '#libs/http/problem.js';
import { LogBusy, LogUnavailable } from '#libs/log/event-log.js';
import type { Metrics } from '#libs/telemetry/metrics.js';
import type { Clock } from '#libs/time/instant.js';
import { Admission, type RejectedItem } from '../domain/admission.js';
import type { UsageLog } from '../store/usage-log.js';
import { notJson, type SentItems } from './events-media.js';
import { Turns } from './turns.js';

/** What both doors do with items: gate each, append what was let in, count what was not. */
export class EventsDoor {
  /** Of both doors: large bodies take turns, whichever they came by. */
  readonly turns = new Turns();
  private readonly refusals: Counter<'reason'>;

  constructor(
    private readonly usage: UsageLog,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.refusals = new Counter({
      name: 'meterbook_events_refused_total',
      help: 'Events that the door refused, by reason',
      labelNames: ['reason'] as const,
      registers: [metrics.registry],
    });
  }

  /** Lets items in or refuses them one by one; throws Problem 400 when an array turns out not to be JSON. */
  async admit(sent: SentItems, organization: string | null): Promise<Admission> {
    const admission = new Admission({ now: this.clock(), organization });
    await this.turns.each(sent.items, (index, bytes) => admission.admit(index, bytes));
    if (sent.kind === 'array' && admission.rejected.some(isNotJson))
      throw notJson('The batch is not JSON: nothing of it was taken.');
    this.countRefusals(admission.rejected);
    return admission;
  }

  /** Offsets after the last record per partition; throws Problem 503 when the log did not take all of it. */
  async append(admission: Admission): Promise<Readonly<Record<string, number>>> {
    if (admission.admitted.length === 0) return {};
    try {
      const positions = await this.usage.append(admission.admitted);
      this.metrics.events.inc({ outcome: 'accepted' }, admission.admitted.length);
      return Object.fromEntries(positions);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** Counts refused items by reason. */
  countRefusals(rejected: readonly RejectedItem[]): void {
    for (const { reason } of rejected) this.refusals.inc({ reason });
    if (rejected.length > 0) this.metrics.events.inc({ outcome: 'rejected' }, rejected.length);
  }
}

function isNotJson({ reason, pointer }: RejectedItem): boolean {
  return reason === 'invalid_json' && pointer === '';
}

/** `rejected` of the answer has them all; `errors` says it again for who reads problems, and 10,000 twice would be megabytes. */
const MOST_ERRORS = 100;

/** The first 100 refused items as a problem's errors; pointers go into the body, so an item among many is `/4/time`. */
export function fieldErrors(sent: SentItems, rejected: readonly RejectedItem[]): FieldError[] {
  return rejected.slice(0, MOST_ERRORS).map(({ index, pointer, reason, detail }) => ({
    pointer: sent.kind === 'one' ? pointer : `/${index}${pointer}`,
    code: reason,
    detail,
  }));
}

/** What the log's refusal is to the sender: come back, with all of it. Other errors stay what they are. */
export function unavailable(error: unknown): unknown {
  const isBusy = error instanceof LogBusy;
  if (!isBusy && !(error instanceof LogUnavailable)) return error;
  return new Problem(
    503,
    isBusy ? 'log_busy' : 'log_unavailable',
    'The log cannot take events now: send all of them again, none is counted twice.',
    { headers: { 'retry-after': isBusy ? '1' : '5' } },
  );
}
