import type { Logger } from 'pino';
import type { UsageEvent } from '#libs/events/usage-event.js';
import type { Clock } from '#libs/time/instant.js';
import { ControlTotals } from '../domain/control-totals.js';
import type { ControlTotalsStore } from './control-totals.store.js';

const SAVE_EVERY_MS = 1_000;
/** Events counted before other work gets a turn: about 2 ms; more when they pile up, so that the pile stays small. */
const SLICE = 1_000;
const SHARE = 1 / 4;

interface Acknowledged {
  readonly partition: number;
  readonly at: number;
  readonly events: readonly UsageEvent[];
}

/**
 * Counts what was acknowledged, behind the answers, and saves the figures each second. A process that is killed loses what
 * it had not saved: its totals are then below the log, never above it.
 */
export class ControlTotalsWriter {
  private readonly totals = new ControlTotals();
  private waiting: Acknowledged[] = [];
  private backlog = 0;
  private counting: Promise<void> | undefined;
  private saving: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly store: ControlTotalsStore,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.timer = setInterval(() => void this.save(), SAVE_EVERY_MS);
    this.timer.unref();
  }

  /** Takes note of events that a partition acknowledged; returns at once. */
  acknowledged(partition: number, events: readonly UsageEvent[]): void {
    this.waiting.push({ partition, at: this.clock(), events });
    this.backlog += events.length;
    this.counting ??= this.count();
  }

  /** Counts and saves what is left; the last call before the database closes. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.counting;
    await this.saving;
    await this.save();
  }

  private async count(): Promise<void> {
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      this.countSome(Math.max(SLICE, this.backlog * SHARE));
      await new Promise(setImmediate);
    }
    this.counting = undefined;
  }

  private countSome(budget: number): void {
    let counted = 0;
    let taken = 0;
    for (const { partition, at, events } of this.waiting) {
      if (counted >= budget) break;
      this.totals.add(partition, at, events);
      counted += events.length;
      taken++;
    }
    this.waiting = this.waiting.slice(taken);
    this.backlog -= counted;
  }

  private async save(): Promise<void> {
    this.saving ??= this.saveChanged().finally(() => {
      this.saving = undefined;
    });
    await this.saving;
  }

  private async saveChanged(): Promise<void> {
    const changed = this.totals.changed();
    if (changed.length === 0) return;
    try {
      await this.store.save(changed);
      this.totals.saved(changed, this.clock());
    } catch (error) {
      // The figures are whole, so the next save makes up for this one.
      this.logger.warn({ error }, 'control totals were not saved');
    }
  }
}
