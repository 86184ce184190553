// The score of a ledger as a part of docs/ledgers.md.
import type { Verdict } from './paid-calls-explained.js';
import type { Judged } from './paid-calls-score.js';

export interface MonthTotal {
  readonly month: string;
  readonly calls: number;
  readonly listUsd: string;
  readonly unpricedTokens: bigint;
  /** Whether the month rated at once costs what its rows cost one by one. */
  readonly isSumOfRows: boolean;
}

const ORDER: readonly Verdict[] = [
  'equal',
  'equal but for binary digits',
  'equal once cached tokens are told apart',
  'prompt cache read and written in one call, how much of each is not recorded',
  'the tool charged cached tokens twice',
  'the tool took a price off a token count',
  'the tool had another price',
  'no price on that day, recorded as 0',
  'no price on that day, recorded as paid',
  'unexplained',
];

/** Three Markdown tables: rows by verdict, each difference with its explanation, months. */
export function ledgerReport(judged: readonly Judged[], months: readonly MonthTotal[]): string {
  const count = (verdict: Verdict): number =>
    judged.filter((one) => one.verdict === verdict).length;
  return [
    '| rows | |',
    '| ---: | --- |',
    ...ORDER.map((verdict) => `| ${count(verdict).toLocaleString('en')} | ${verdict} |`),
    `| **${judged.length.toLocaleString('en')}** | **all** |`,
    '',
    '| row | differs because of |',
    '| ---: | --- |',
    ...judged.filter(isDifferent).map(differenceRow),
    '',
    'Rows without a price, by model as the ledger names it:',
    '',
    ...unpriced(judged),
    '',
    '| month | calls | list price, exact USD | tokens without a price | the sum of its rows |',
    '| --- | ---: | ---: | ---: | --- |',
    ...months.map(monthRow),
  ].join('\n');
}

function isDifferent({ verdict }: Judged): boolean {
  return ORDER.indexOf(verdict) > 1 && !verdict.startsWith('no price');
}

// By its number alone: the ledger's rows are somebody else's data.
function differenceRow({ call, detail }: Judged): string {
  return `| ${call.row} | ${detail} |`;
}

function unpriced(judged: readonly Judged[]): string[] {
  const rows = judged.filter(({ ours }) => ours === null);
  const byModel = Map.groupBy(rows, ({ call }) => call.model);
  return [...byModel]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([model, list]) => {
      const paid = list.filter(({ verdict }) => verdict.endsWith('paid')).length;
      return `- \`${model}\`: ${list.length} rows, ${paid} of them recorded as paid`;
    });
}

function monthRow({ month, calls, listUsd, unpricedTokens, isSumOfRows }: MonthTotal): string {
  const tokens = unpricedTokens.toLocaleString('en');
  return `| ${month} | ${calls.toLocaleString('en')} | ${listUsd} | ${tokens} | ${isSumOfRows ? 'yes' : '**no**'} |`;
}
