// A billing run over a million organizations with three lines each: rated in memory, and issued durably with number, document, lines,
// hash and event; beside it the naive loop, one organization at a time, on a sample in the same database.
import type { Issuing } from '../apps/invoicing/store/issuing.js';
import { decidePage, type MonthPage } from '../apps/invoicing/domain/month-page.js';
import { SIZES } from './sizes.js';
import { type BenchResult, machine, median, type Say, secondsOf } from './measure.js';
import { BillingStand, NOVEMBER } from './billing-stand.js';

/** The benches' usual thousand organizations are no month's work. */
const USUAL = 1_000_000;
const SAMPLE = 1_000;
const RATED_PAGES = 5;

export async function benchBillingRun(say: Say): Promise<BenchResult> {
  const organizations = 'BENCH_ORGANIZATIONS' in process.env ? SIZES.organizations : USUAL;
  const stand = await BillingStand.open();
  try {
    say(`fills ${organizations} organizations, three rows of usage each`);
    await stand.fill(organizations + SAMPLE);
    const rated = await rating(stand);
    say(`rating ${Math.round(rated)} invoices/s`);
    const naive = await naiveLoop(stand);
    say(`naive loop ${Math.round(naive)} invoices/s`);
    const run = await billingRun(stand, organizations, say);
    await stand.check(organizations + SAMPLE);
    const { perSecond, ...figures } = run;
    return {
      bench: 'billing-run',
      ratios: {
        issued_to_aim_of_20000: perSecond / 20_000,
        rated_to_aim_of_50000: rated / 50_000,
        issued_to_naive_loop: perSecond / naive,
      },
      figures: {
        organizations,
        issued_per_second: perSecond,
        rated_per_second: rated,
        naive_per_second: naive,
        ...figures,
      },
      machine: machine(),
    };
  } finally {
    await stand.close();
  }
}

// Pages as the run reads them, rated again and again in memory.
async function rating(stand: BillingStand): Promise<number> {
  const pages: MonthPage[] = [];
  let after: string | null = null;
  for (let index = 0; index < RATED_PAGES; index += 1) {
    const page = await stand.page(after);
    pages.push(page);
    after = page.ids.at(-1) ?? null;
    if (page.isLast) break;
  }
  const count = pages.reduce((sum, { ids }) => sum + ids.length, 0);
  const aim = { run: 'run_rating', isNamed: false };
  const rates: number[] = [];
  for (let round = 0; round <= SIZES.rounds; round += 1) {
    let issued = 0;
    const seconds = await secondsOf(async () => {
      for (const page of pages) issued += decidePage(page, aim).issue.length;
      return Promise.resolve();
    });
    if (issued !== count) throw new Error(`rated ${issued} of ${count}`);
    if (round > 0) rates.push(count / seconds);
  }
  return median(rates);
}

async function naiveLoop(stand: BillingStand): Promise<number> {
  const issuing: Issuing = stand.issuing();
  const { ids } = await stand.page(null, SAMPLE);
  const seconds = await secondsOf(async () => {
    for (const id of ids) await issuing.issue(id, NOVEMBER, 'run_naive');
  });
  return ids.length / seconds;
}

async function billingRun(stand: BillingStand, organizations: number, say: Say) {
  const memory = watchMemory();
  const before = { wal: await stand.walBytes(), own: process.cpuUsage(), all: stand.postgresCpu() };
  let issued = 0;
  const seconds = await secondsOf(async () => {
    issued = await stand.run(say);
  });
  const own = process.cpuUsage(before.own);
  if (issued !== organizations) throw new Error(`issued ${issued} of ${organizations}`);
  const micro = (total: number): number => (total * 1e6) / organizations;
  const tables = await stand.tableBytes();
  return {
    perSecond: organizations / seconds,
    node_cpu_us: micro((own.user + own.system) / 1e6),
    postgres_cpu_us: micro(stand.postgresCpu() - before.all),
    wal_bytes: ((await stand.walBytes()) - before.wal) / organizations,
    table_bytes: tables / (organizations + SAMPLE),
    largest_memory_mib: memory.stop(),
  };
}

function watchMemory() {
  let largest = 0;
  const look = (): void => {
    largest = Math.max(largest, process.memoryUsage().rss);
  };
  const timer = setInterval(look, 100);
  return {
    stop: (): number => {
      clearInterval(timer);
      look();
      return largest / 2 ** 20;
    },
  };
}
