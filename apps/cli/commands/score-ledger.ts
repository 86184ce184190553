// A public ledger of paid calls as usage: through the gate, into hours, rated by catalogs made of the prices of its days.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Account } from '#libs/events/account.js';
import { gate } from '#libs/events/gate.js';
import type { Quantities } from '#libs/events/quantities.js';
import { formatExact } from '#libs/money/money.js';
import { rateMonth, type UsageRow } from '#libs/rating/rate-month.js';
import type { Terms } from '#libs/rating/price-book.js';
import { formatMonth, monthOf } from '#libs/time/month.js';
import { sumHours } from '#libs/usage/usage-hours.js';
import { withPart } from '../domain/marked-part.js';
import { readPaidCalls, type PaidCall } from '../domain/paid-calls.js';
import { catalogsOf } from '../domain/paid-calls-catalog.js';
import { judge, type Judged } from '../domain/paid-calls-score.js';
import { ledgerReport, type MonthTotal } from '../domain/paid-calls-report.js';
import { usageCloudEvent } from '../domain/usage-message.js';
import type { Progress } from '../progress.js';

export interface LedgerOptions {
  readonly file: string;
  /** The document whose part between the markers is replaced. */
  readonly write?: string;
}

const ORGANIZATION = 'org_ledger';

/** Prints the score; true when each row is equal or explained, and the months' totals are the sums of their rows. */
export async function scoreLedger(options: LedgerOptions, progress: Progress): Promise<boolean> {
  const bytes = readFileSync(options.file);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  const calls = readPaidCalls(text);
  const terms = { catalogs: catalogsOf(calls), account: ledgerAccount() };
  const priceOf = (call: PaidCall, tokens: Quantities): bigint | undefined =>
    priced(terms, [usageRows(call, tokens)], call.at).femto;
  const judged = calls.map((call) => judge(call, priceOf));
  const months = monthTotals(terms, judged, priceOf);
  const report = ledgerReport(judged, months);
  progress.say(report);
  if (options.write)
    writeFileSync(
      options.write,
      withPart(readFileSync(options.write, 'utf8'), 'ledger score', report),
    );
  const counts = Object.entries(Object.groupBy(judged, ({ verdict }) => verdict));
  progress.result(Object.fromEntries(counts.map(([name, list]) => [name, list?.length ?? 0])));
  return (
    judged.every(({ verdict }) => verdict !== 'unexplained') &&
    months.every(({ isSumOfRows }) => isSumOfRows)
  );
}

// The same calls again, as one organization's months: what a whole month costs is what its rows cost.
function monthTotals(
  terms: Terms,
  judged: readonly Judged[],
  priceOf: (call: PaidCall, tokens: Quantities) => bigint | undefined,
): MonthTotal[] {
  const byMonth = Map.groupBy(judged, ({ call }) => formatMonth(monthOf(call.at)));
  return [...byMonth].map(([month, list]) => {
    const rows = list.map(({ call }) => usageRows(call, plainTokens(call)));
    const { femto, unpricedTokens } = priced(terms, rows, list[0]?.call.at ?? 0);
    const single = list.reduce(
      (sum, { call }) => sum + (priceOf(call, plainTokens(call)) ?? 0n),
      0n,
    );
    const listUsd = formatExact(femto ?? single);
    return {
      month,
      calls: list.length,
      listUsd,
      unpricedTokens,
      isSumOfRows: (femto ?? single) === single,
    };
  });
}

function plainTokens(call: PaidCall): Quantities {
  return { input: call.promptTokens, output: call.completionTokens };
}

// femto is undefined when nothing of the rows has a price.
function priced(terms: Terms, rows: readonly (readonly UsageRow[])[], at: number) {
  const rated = rateMonth({ terms, period: monthOf(at), rows: rows.flat() });
  const unpricedTokens = rated.unpriced.reduce((sum, { units }) => sum + units, 0n);
  const isUnpriced = rated.lines.length === 0 && rated.unpriced.length > 0;
  return { femto: isUnpriced ? undefined : rated.spentFemto, unpricedTokens };
}

// As a node would send it, at the time of the call; what the gate refuses is a fault of this program.
function usageRows(call: PaidCall, tokens: Quantities): UsageRow[] {
  const event = usageCloudEvent({
    id: `row-${call.row}`,
    source: '//ledger/aider',
    organization: ORGANIZATION,
    at: call.at,
    sequence: null,
    model: call.model,
    project: call.user,
    serviceTier: 'on_demand',
    adapter: null,
    tokens,
  });
  const gated = gate(Buffer.from(JSON.stringify(event)), { now: call.at });
  if ('refusal' in gated) throw new Error(`row ${call.row}: ${gated.refusal.detail}`);
  const { usage, at } = { usage: gated.event.usage, at: call.at };
  if (!usage) throw new Error(`row ${call.row} has no usage`);
  const { sums } = sumHours([
    {
      offset: call.row,
      key: call.row.toString(16).padStart(32, '0'),
      kind: 'recorded',
      source: '//ledger/aider',
      id: `row-${call.row}`,
      organization: ORGANIZATION,
      reservation: null,
      deltas: [{ ...usage, at, requests: 1 }],
    },
  ]);
  return sums.map((sum) => ({
    ...sum,
    adapter: sum.adapter || null,
    events: BigInt(sum.events),
  })) as unknown as UsageRow[];
}

function ledgerAccount(): Account {
  return {
    id: ORGANIZATION,
    profile: {
      name: 'Ledger',
      currency: 'USD',
      tier: 'metered',
      profile: 'openai',
      legalName: null,
      email: null,
      address: null,
      taxIds: [],
      timezoneLabel: null,
    },
    registeredAt: 0,
    effectiveFrom: 0,
    tiers: [{ tier: 'metered', from: 0 }],
    spendLimits: [],
    overrides: [],
    credits: [],
    keys: [],
  };
}
