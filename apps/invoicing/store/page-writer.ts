// Writes what became of a page of organizations, in one transaction with the run's cursor: so a run that is killed goes on after the
// last page that is whole, and every organization of that page is done.
import type { DataSource, EntityManager } from 'typeorm';
import { changed, rows } from '#libs/database/database.js';
import type { Clock } from '#libs/time/instant.js';
import type { MonthPage, PageDecision } from '../domain/month-page.js';
import {
  buildInvoices,
  type BuiltInvoices,
  type IssueTerms,
  writeInvoices,
} from './invoice-writer.js';
import { invoiceSeries, isSameEnd, lockIssuing, moveSeries, seriesEnd } from './series.store.js';
import type { SeriesEnd } from './series.store.js';

/** A page that may be written: `after` is where the run's cursor must stand. */
export interface DecidedPage {
  readonly run: string;
  readonly after: string | null;
  readonly page: MonthPage;
  readonly decision: PageDecision;
}

/** `stale`: somebody of the page was billed, or something was voided, since it was read. `moved`: another process is on this run. */
export type WrittenPage = 'written' | 'stale' | 'moved';

class Undo extends Error {
  constructor(readonly why: WrittenPage) {
    super(why);
  }
}

export class PageWriter {
  // Where the series will stand once the pages that are being written are committed.
  private expected: SeriesEnd | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly terms: IssueTerms,
  ) {}

  /** Documents of a page, made before its turn to write has come, from where the series will probably stand then. */
  build({ decision }: DecidedPage): BuiltPage {
    const at = this.clock();
    const { expected } = this;
    if (!expected || expected.year !== invoiceSeries(this.terms.legalEntity, at).year)
      return { at, built: undefined };
    const built = this.follow(expected, decision, at);
    this.expected = built.end;
    return { at, built };
  }

  /** Writes a page; nothing of it unless all of it. */
  async write(decided: DecidedPage, made: BuiltPage): Promise<WrittenPage> {
    try {
      await this.source.transaction(async (tx) => this.writeIn(tx, decided, made));
      return 'written';
    } catch (error) {
      this.expected = undefined;
      if (error instanceof Undo) return error.why;
      throw error;
    }
  }

  private follow(start: SeriesEnd, { issue }: PageDecision, at: number): BuiltInvoices {
    const { dueDays, seller } = this.terms;
    return buildInvoices(issue, start, { dueDays, at, seller });
  }

  private async writeIn(tx: EntityManager, decided: DecidedPage, made: BuiltPage): Promise<void> {
    const { decision, run } = decided;
    await lockIssuing(tx);
    await assertFresh(tx, decided);
    await moveCursor(tx, decided);
    if (decision.issue.length > 0) {
      const { at, built } = await this.placed(tx, decision, made);
      await writeInvoices(tx, built, { at, run });
      await moveSeries(tx, built.end);
    }
    await noteOthers(tx, decided);
  }

  // Numbers and instants go up together: what was built before somebody else issued is built anew, at the instant of now.
  private async placed(tx: EntityManager, decision: PageDecision, { at, built }: BuiltPage) {
    if (built && isSameEnd(built.start, await this.end(tx, at))) return { at, built };
    const now = this.clock();
    const anew = this.follow(await this.end(tx, now), decision, now);
    this.expected = anew.end;
    return { at: now, built: anew };
  }

  private async end(tx: EntityManager, at: number): Promise<SeriesEnd> {
    return seriesEnd(tx, invoiceSeries(this.terms.legalEntity, at));
  }
}

export interface BuiltPage {
  /** The instant of issue, epoch ms. */
  readonly at: number;
  readonly built: BuiltInvoices | undefined;
}

async function assertFresh(tx: EntityManager, { page, decision }: DecidedPage): Promise<void> {
  const ids = decision.issue.map(({ account }) => account.id);
  const [row] = await rows<{ voids: string; billed: boolean }>(
    tx,
    `SELECT (SELECT count(*) FROM invoice_void) AS voids,
       EXISTS (SELECT FROM invoice WHERE id > $1 AND organization = ANY($2)) AS billed`,
    [String(page.version.lastId), [...ids, ...decision.empty]],
  );
  if (row?.billed === true || BigInt(row?.voids as string) !== page.version.voids)
    throw new Undo('stale');
}

async function moveCursor(
  tx: EntityManager,
  { run, after, page, decision }: DecidedPage,
): Promise<void> {
  const moved = await changed(
    tx,
    `UPDATE billing_run SET cursor = coalesce($3, cursor), is_paged = $4, issued = issued + $5,
       already_issued = already_issued + $6
     WHERE id = $1 AND state = 'running' AND NOT is_paged AND cursor IS NOT DISTINCT FROM $2`,
    [
      run,
      after,
      page.ids.at(-1) ?? null,
      page.isLast,
      decision.issue.length + decision.issuedBefore,
      decision.issuedByOthers,
    ],
  );
  if (moved === 0) throw new Undo('moved');
}

async function noteOthers(tx: EntityManager, { run, decision }: DecidedPage): Promise<void> {
  const { empty, alone } = decision;
  if (empty.length + alone.length === 0) return;
  await tx.query(
    `INSERT INTO billing_run_organization (run, organization, state)
     SELECT $1, organization, state FROM (
       SELECT organization, 'empty' AS state FROM unnest($2::text[]) AS one (organization)
       UNION ALL
       SELECT organization, 'pending' FROM unnest($3::text[]) AS two (organization)) AS both_states
     ON CONFLICT (run, organization) DO NOTHING`,
    [run, empty, alone],
  );
}
