// Takes a billing run through its pages, with two in hand: while one is being written, the next is read, rated and made into documents.
import type { ParkBounds } from '../domain/decide-issue.js';
import { decidePage, type MonthPage } from '../domain/month-page.js';
import type { BillingRun, BillingRunStore } from './billing-run.store.js';
import type { MonthPageStore } from './month-page.store.js';
import type { PageWriter } from './page-writer.js';

export interface PagedRunParts {
  readonly runs: BillingRunStore;
  readonly pages: MonthPageStore;
  readonly writer: PageWriter;
  readonly bounds?: ParkBounds | undefined;
  /** Organizations of a page; 2,000. */
  readonly pageSize?: number;
}

// 2,000 organizations of three lines are 8 MB of rows and documents, and 0.1 s of the lock of issuing.
const PAGE_SIZE = 2_000;

export class PagedRun {
  constructor(private readonly parts: PagedRunParts) {}

  /** Resolves when no page is left, when `stop` was aborted, or when another process has taken the run further. */
  async advance(run: BillingRun, stop: AbortSignal): Promise<void> {
    let current: BillingRun | undefined = run;
    // A page that was overtaken is read again from where the run stands now.
    while (current && current.state === 'running' && !current.isPaged && !stop.aborted) {
      await this.takePages(current, stop);
      current = await this.parts.runs.find(run.id);
    }
  }

  private async takePages(run: BillingRun, stop: AbortSignal): Promise<void> {
    const { writer, bounds } = this.parts;
    const aim = { run: run.id, isNamed: run.requested !== null, bounds };
    let after = run.cursor;
    let writing: Promise<boolean> = Promise.resolve(true);
    let reading = this.read(run, after);
    try {
      for (;;) {
        const page = await reading;
        const decision = decidePage(page, aim);
        if (!page.isLast) reading = this.read(run, page.ids.at(-1) ?? null);
        const decided = { run: run.id, after, page, decision };
        const made = writer.build(decided);
        if (!(await writing)) return;
        writing = writer.write(decided, made).then((written) => written === 'written');
        after = page.ids.at(-1) ?? after;
        if (page.isLast || stop.aborted) return void (await writing);
      }
    } finally {
      // Nothing of this run goes on once this has ended.
      await Promise.allSettled([reading, writing]);
    }
  }

  private async read(run: BillingRun, after: string | null): Promise<MonthPage> {
    const { pages, pageSize: size = PAGE_SIZE } = this.parts;
    const page = pages.read({ period: run.period, requested: run.requested, after, size });
    // Whoever awaits it hears of it; until then it must not count as unhandled.
    page.catch(() => undefined);
    return page;
  }
}
