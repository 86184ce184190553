// One slice, one transaction: steps 5 to 10 of projection-protocol.md. Every outcome is a value; nothing is thrown.
import type { DataSource, QueryRunner } from 'typeorm';
import { FOLD_FAILED, judgeLock, type Cut, type Halt } from './decide.js';
import { isCommitUnknown, isPassing, messageOf } from './failure-class.js';
import type { Advance, PositionRows } from './position-rows.js';
import { PartitionHalt, type FoldResult, type Projection, type Slice } from './projection.js';
import { recordDigest } from './record-digest.js';

/** What became of a slice. `moved` and `unknown` end in a new claim, which reads the row and repairs what follows commits. */
export type SliceOutcome =
  | { readonly kind: 'applied'; readonly folded: unknown }
  | { readonly kind: 'lost' }
  | { readonly kind: 'moved' }
  | { readonly kind: 'unknown'; readonly error: unknown }
  | { readonly kind: 'retry'; readonly error: unknown }
  | Halt;

export interface SliceWork {
  readonly slice: Slice;
  readonly cut: Cut;
  readonly epoch: number;
  readonly caughtUpAt: number;
  readonly prepared: Promise<unknown>;
  /** Called once the fold's first statement is on its way: the time for work on the next slice. */
  onFolding(): void;
}

/** Applies slices of one projection. */
export class SliceTransaction {
  constructor(
    private readonly source: DataSource,
    private readonly positions: PositionRows,
    private readonly projection: Projection,
  ) {}

  /** Commits the slice's effect and position together, or neither. */
  async apply(work: SliceWork): Promise<SliceOutcome> {
    let prepared: unknown;
    try {
      prepared = await work.prepared;
    } catch (error) {
      return failed(error);
    }
    const runner = this.source.createQueryRunner();
    try {
      await runner.connect();
      await runner.startTransaction();
      const written = await this.write(runner, work, prepared);
      if (written.kind !== 'applied') {
        await rollback(runner);
        return written;
      }
      return await commit(runner, written);
    } catch (error) {
      await rollback(runner);
      return failed(error);
    } finally {
      await release(runner);
    }
  }

  private async write(
    runner: QueryRunner,
    work: SliceWork,
    prepared: unknown,
  ): Promise<SliceOutcome> {
    const { slice } = work;
    const row = await this.positions.lock(runner.manager, slice);
    const verdict = judgeLock(row, { first: slice.first, epoch: work.epoch });
    if (verdict !== 'go') return { kind: verdict };
    const folding = this.projection.fold(runner.manager, slice, prepared);
    work.onFolding();
    const { counts, folded } = await folding;
    const step = advanceOf(work, counts);
    const moved = await this.positions.advance(runner.manager, slice, step);
    return moved ? { kind: 'applied', folded } : { kind: 'lost' };
  }
}

function advanceOf(work: SliceWork, counts: FoldResult<unknown>['counts']): Advance {
  return {
    first: work.slice.first,
    next: work.slice.next,
    epoch: work.epoch,
    lastDigest: recordDigest(work.cut.last),
    counts: { ...counts, quarantined: counts.quarantined + work.cut.skipped },
    appendedAt: work.cut.last.appendedAt,
    caughtUpAt: work.caughtUpAt,
  };
}

async function commit(runner: QueryRunner, written: SliceOutcome): Promise<SliceOutcome> {
  try {
    await runner.commitTransaction();
    return written;
  } catch (error) {
    // A connection that still answers must not go back to the pool inside a transaction.
    await rollback(runner);
    return isCommitUnknown(error) ? { kind: 'unknown', error } : failed(error);
  }
}

function failed(error: unknown): SliceOutcome {
  if (error instanceof PartitionHalt)
    return { kind: 'halt', reason: error.reason, detail: error.message };
  if (isPassing(error)) return { kind: 'retry', error };
  return { kind: 'halt', reason: FOLD_FAILED, detail: messageOf(error) };
}

// A transaction that cannot be rolled back has lost its connection, and the server ends it.
async function rollback(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
}

async function release(runner: QueryRunner): Promise<void> {
  if (!runner.isReleased) await runner.release().catch(() => undefined);
}
