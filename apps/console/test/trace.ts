// What the main thread of a page did meanwhile, by Chromium's trace.
import type { Page } from 'playwright-core';

export interface Tasks {
  readonly tasks: number;
  /** By the clock on the wall: on a busy machine also the time of others. */
  readonly longest_ms: number;
  /** By the thread's own clock. */
  readonly longest_cpu_ms: number;
  readonly over_50_cpu_ms: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Does something while Chromium traces, and sums up the tasks of the page's main thread. */
export async function traced(page: Page, work: () => Promise<unknown>): Promise<Tasks> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser');
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  let trace: Buffer;
  try {
    await work();
    // Two frames later what the work left to do is done.
    await page.evaluate(
      async () =>
        new Promise((resolve) => {
          requestAnimationFrame(() => requestAnimationFrame(resolve));
        }),
    );
  } finally {
    trace = await browser.stopTracing();
  }
  return tasksOf((JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }).traceEvents);
}

// More than one renderer may run; the page's is the one that worked most.
function tasksOf(all: readonly TraceEvent[]): Tasks {
  const mains = new Set(
    all
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  );
  const ran = all.filter((one) => one.name.endsWith('RunTask') && mains.has(threadOf(one)));
  const threads = [...Map.groupBy(ran, threadOf).values()];
  const busy = (tasks: readonly TraceEvent[]): number =>
    tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0);
  const main = threads.toSorted((a, b) => busy(b) - busy(a))[0] ?? [];
  const cpu = main.map(({ tdur = 0 }) => tdur / 1_000);
  return {
    tasks: main.length,
    longest_ms: rounded(Math.max(0, ...main.map(({ dur = 0 }) => dur / 1_000))),
    longest_cpu_ms: rounded(Math.max(0, ...cpu)),
    over_50_cpu_ms: cpu.filter((ms) => ms > 50).length,
  };
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid} ${tid}`;
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
