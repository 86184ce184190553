// Works off billing runs in the background. All of its state is in the database, each step can be taken twice, and issuing lets
// only one through: so a run goes on after a kill, and two processes on one run do no harm.
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { isPassing, messageOf } from '#libs/projection/failure-class.js';
import type { Clock } from '#libs/time/instant.js';
import type { BillingRun, BillingRunStore } from '../store/billing-run.store.js';
import type { CutStore } from '../store/cut.store.js';
import type { IssueOutcome, Issuing } from '../store/issuing.js';
import type { PagedRun } from '../store/paged-run.js';
import type { RunSignal } from '../store/run-signal.js';

export interface BillingRunParts {
  readonly runs: BillingRunStore;
  readonly cuts: CutStore;
  readonly issuing: Issuing;
  readonly paged: PagedRun;
  readonly signal: RunSignal;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LOOK_EVERY_MS = 500;

export class BillingRunReactor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private working: Promise<void> = Promise.resolve();

  constructor(private readonly parts: BillingRunParts) {}

  onApplicationBootstrap(): void {
    this.working = this.work();
  }

  /** Resolves when the organization in hand is issued or not; the rest goes on at the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  /** Takes every running run as far as it goes now; rejects when the log or the database is out of reach. */
  async advanceAll(): Promise<void> {
    for (const run of await this.parts.runs.running()) {
      if (this.stopping.signal.aborted) return;
      await this.advance(run);
    }
  }

  private async work(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.advanceAll();
      } catch (error) {
        this.parts.logger.warn({ cause: messageOf(error) }, 'billing runs wait');
      }
      await this.parts.signal.wait(LOOK_EVERY_MS, this.stopping.signal);
    }
  }

  private async advance(run: BillingRun): Promise<void> {
    const { runs, cuts, clock } = this.parts;
    const evidence = run.evidence ?? (await runs.noteEvidence(run.id, await cuts.takeEvidence()));
    if (run.plannedAt === null) {
      if ((await cuts.behind(evidence)).length > 0) return;
      await runs.plan(run, clock());
    }
    await this.parts.paged.advance(run, this.stopping.signal);
    for (const organization of await runs.pending(run.id)) {
      if (this.stopping.signal.aborted) return;
      await runs.mark(run.id, organization, await this.issue(run, organization));
    }
    await runs.finish(run.id, clock());
  }

  // One organization's fault must not hold up the others.
  private async issue(run: BillingRun, organization: string): Promise<IssueOutcome> {
    try {
      return await this.parts.issuing.issue(organization, run.period, run.id);
    } catch (error) {
      if (isPassing(error)) throw error;
      this.parts.logger.error({ err: error, organization, run: run.id }, 'cannot issue');
      return { state: 'parked', reason: 'failed', detail: messageOf(error) };
    }
  }
}
