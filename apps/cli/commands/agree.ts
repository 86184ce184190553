// The last step of demo and load: ask every reader, compare, print, and say whether all is equal.
import { atLeast, type Sent } from '../client/event-sender.js';
import type { StackClient } from '../client/stack-client.js';
import { type Account, compareReadings, type Comparison } from '../domain/agreement.js';
import type { Ledger } from '../domain/ledger.js';
import { grouped, textTable } from '../domain/table.js';
import type { Progress } from '../progress.js';

/** Compares each organization and month of the ledger; prints a table; true when everything is equal to the unit. */
export async function agree(
  client: StackClient,
  ledger: Ledger,
  accounts: readonly Account[],
  sent: Sent,
  progress: Progress,
): Promise<{ equal: boolean; comparisons: Comparison[] }> {
  const published = await client.catalog();
  const comparisons: Comparison[] = [];
  for (const account of accounts)
    for (const period of ledger.periods(account.organization)) {
      const readings = await client.readings(account.organization, period, atLeast(sent));
      comparisons.push(...compareReadings(ledger, account, period, readings, published));
    }
  const unequal = comparisons.filter(({ equal }) => !equal);
  progress.say();
  const header = ['organization', 'month', 'what', 'sent', 'metered / spent', 'invoiced', ''];
  for (const line of textTable(header, comparisons.map(toRow))) progress.say(line);
  progress.say();
  if (unequal.length === 0)
    progress.say(
      `All ${comparisons.length} comparisons are equal, to the unit and to the femto-dollar.`,
    );
  else progress.say(`${unequal.length} of ${comparisons.length} comparisons DIFFER.`);
  return { equal: unequal.length === 0, comparisons };
}

function toRow(comparison: Comparison): string[] {
  const { organization, period, what, sent, metered, invoiced, equal } = comparison;
  return [
    organization,
    period,
    what,
    grouped(sent),
    metered === null ? '—' : grouped(metered),
    grouped(invoiced),
    equal ? 'equal' : 'DIFFERS',
  ];
}
