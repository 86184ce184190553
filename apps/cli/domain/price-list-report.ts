// The scores of the importers as a part of docs/price-lists.md.
import type { Imported } from '#libs/rating/import/imported-model.js';

/** A table of what was not taken and of what was left out, by reason, with an example each. */
export function listReport(title: string, { models, refused, leftOut }: Imported): string {
  const entries = models.length + refused.length;
  return [
    `### ${title}`,
    '',
    `${count(models.length)} of ${count(entries)} entries are taken, ${count(refused.length)} are not:`,
    '',
    '| entries | not taken because | for example |',
    '| ---: | --- | --- |',
    ...byReason(refused.map(({ entry, reason }) => ({ entry, reason: general(reason) }))),
    '',
    `${count(leftOut.length)} prices of taken entries are left out; usage of that kind stays unpriced:`,
    '',
    '| prices | left out | for example |',
    '| ---: | --- | --- |',
    ...byReason(
      leftOut.map(({ entry, field, reason }) => ({ entry, reason: `\`${field}\`: ${reason}` })),
    ),
  ].join('\n');
}

/** A table of how readings came out. */
export function readingReport(counts: ReadonlyMap<string, number>): string {
  return [
    '### Calls that genai-prices has priced, priced again',
    '',
    '| readings | priced from our import |',
    '| ---: | --- |',
    ...[...counts]
      .toSorted(([, left], [, right]) => right - left)
      .map(([what, number]) => `| ${count(number)} | ${what} |`),
  ].join('\n');
}

// The number in a reason is of one entry; the reason is of all.
function general(reason: string): string {
  return reason.replace(/^-?[\d.e-]+ is finer than/, 'a price is finer than');
}

function byReason(list: readonly { readonly entry: string; readonly reason: string }[]): string[] {
  return [...Map.groupBy(list, ({ reason }) => reason)]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([reason, all]) => `| ${count(all.length)} | ${reason} | \`${all[0]?.entry}\` |`);
}

function count(number: number): string {
  return number.toLocaleString('en');
}
