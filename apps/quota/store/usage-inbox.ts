// Takes usage that waits into standings, some organizations at a time: checks wait for one such piece of work at most.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Clock } from '#libs/time/instant.js';
import { isPrepaid } from '../domain/credit.js';
import type { AdmissionUnits } from './admission-units.js';
import { makeRows } from './standing-rows.js';
import { evaluate } from './tell.js';
import type { Lane } from './turns.js';
import { bringUpToDate } from './up-to-date.js';
import { namesInUsage } from './usage-admission.js';
import {
  namesOfReservations,
  waitingOf,
  waitingOfPartition,
  type WaitingUsage,
} from './waiting-usage.js';

/** Rows read at once, and events taken in in one piece of work: some milliseconds of it. */
const ROWS_AT_ONCE = 100;
const EVENTS_AT_ONCE = 200;
/** Attempts of which each lost a page to another instance; the third and all after it wait for locks. */
const MOST_ATTEMPTS = 20;

export class UsageInbox {
  constructor(
    private readonly source: DataSource,
    private readonly units: AdmissionUnits,
    private readonly clock: Clock,
  ) {}

  /** Takes in all that waits of a partition, in the order of the log. */
  async takeInPartition(partition: number): Promise<void> {
    const read = async (): Promise<WaitingUsage[]> =>
      waitingOfPartition(this.source.manager, partition, ROWS_AT_ONCE);
    await this.takeInAll(read, 'own');
  }

  /** Takes in all that waits of organizations. */
  async takeInOf(organizations: readonly string[]): Promise<void> {
    await this.takeInAll(async () => waitingOf(this.source.manager, organizations), 'asked');
  }

  // What was read is taken in piece by piece; it is read anew when one was not, since others may have had the rest as well.
  private async takeInAll(read: () => Promise<WaitingUsage[]>, lane: Lane): Promise<void> {
    let lost = 0;
    for (let waiting = await read(); waiting.length > 0; waiting = await read())
      for (const piece of pieces(waiting)) {
        const isTaken = await this.takeIn(piece, { lane, lost });
        lost = isTaken ? 0 : lost + 1;
        if (!isTaken) break;
      }
  }

  // False when another instance had some of the organizations: their rows still wait, or are gone by its hand. Or when their
  // accounts are gone for now, as while those are folded anew.
  private async takeIn(
    waiting: readonly WaitingUsage[],
    { lane, lost }: { readonly lane: Lane; readonly lost: number },
  ): Promise<boolean> {
    if (lost > MOST_ATTEMPTS) throw new Error(`usage was not taken in in ${lost} attempts`);
    const followed = await this.followed([...new Set(waiting.map((one) => one.organization))]);
    await this.drop(waiting.filter(({ organization }) => !followed.has(organization)));
    const given = waiting.filter(({ organization }) => followed.has(organization));
    if (given.length === 0) return true;
    const about = await namesOfReservations(this.source, given);
    const own = about.filter(({ organization }) => followed.has(organization));
    const names = [...given.flatMap(namesInUsage), ...own];
    const wish = { names, now: this.clock(), lane, locks: lost > 1 };
    let isComplete = false;
    const failed = await this.units.run(wish, async (unit) => {
      await bringUpToDate(unit, given);
      evaluate(unit.book, []);
      isComplete = given.every(({ organization }) => unit.book.pages.has(organization));
    });
    return isComplete && failed.size === 0;
  }

  // Those that were asked about before, and those whose spend may be announced without being asked about.
  private async followed(organizations: readonly string[]): Promise<ReadonlySet<string>> {
    const known = organizations.filter((organization) => this.units.isResident(organization));
    const rest = organizations.filter((organization) => !this.units.isResident(organization));
    if (rest.length === 0) return new Set(known);
    const opened = await rows<{ organization: string }>(
      this.source,
      `SELECT organization FROM admission
       WHERE organization = ANY($1) AND project = '' AND mark <> ''`,
      [rest],
    );
    const terms = await this.units.stores.terms.current(this.source.manager, rest);
    const limited = [...terms.values()]
      .filter(
        ({ terms: own }) => own.account.spendLimits.length > 0 || isPrepaid(own, this.clock()),
      )
      .map(({ terms: own }) => own.account.id);
    return new Set([...known, ...opened.map(({ organization }) => organization), ...limited]);
  }

  // Their pages are made from the fold when they are first asked about. The version tells whoever makes one now, and does not see
  // this usage in the fold yet, that it is gone from here.
  private async drop(waiting: readonly WaitingUsage[]): Promise<void> {
    if (waiting.length === 0) return;
    const organizations = [...new Set(waiting.map(({ organization }) => organization))];
    await makeRows(this.source.manager, organizations);
    await this.source.query(
      `WITH locked AS MATERIALIZED (
         SELECT organization FROM admission WHERE organization = ANY($1) AND project = ''
           AND mark = '' ORDER BY organization FOR UPDATE),
       told AS (UPDATE admission SET version = version + 1
         WHERE project = '' AND organization IN (SELECT organization FROM locked))
       DELETE FROM usage_inbox WHERE id = ANY($2)
         AND organization IN (SELECT organization FROM locked)`,
      [organizations, waiting.map(({ id }) => id)],
    );
  }
}

// Whole rows, at least one in each.
function pieces(waiting: readonly WaitingUsage[]): WaitingUsage[][] {
  const all: WaitingUsage[][] = [];
  let events = Infinity;
  for (const one of waiting) {
    events += one.events.length;
    if (events > EVENTS_AT_ONCE) {
      all.push([]);
      events = one.events.length;
    }
    all.at(-1)?.push(one);
  }
  return all;
}
