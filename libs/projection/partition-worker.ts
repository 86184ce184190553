// A batch of one partition, slice by slice: place, gate, apply, and turn each outcome into what the log shall do next.
import { performance } from 'node:perf_hooks';
import { OffsetOutOfRange, type BatchOutcome, type LogBatch } from '../log/event-log.js';
import { backOffMs, pause } from './back-off.js';
import { writeHalt } from './claim.js';
import { judgeAhead, placeBatch, type Cut, type Halt } from './decide.js';
import { messageOf } from './failure-class.js';
import type { PartitionState } from './partition-state.js';
import type { Claimed } from './position-rows.js';
import { type PreparedSlice, PreparedSlices } from './prepared-slices.js';
import { nameOf, type RunnerContext } from './runner-context.js';
import type { SliceOutcome } from './slice-transaction.js';

const GATE_RETRY_MS = 25;
/** How often a closed gate is asked within one delivery before the batch is given back: a quarter of a second. */
const GATE_LOOKS = 10;
const CLAIM_PATIENCE_MS = 2_000;
const HINT_EVERY_MS = 5_000;
/** One running and one waiting: what follows a commit may be two slices behind, never more. */
const UNFINISHED_LIMIT = 2;

/** Folds the batches of one partition; the log never delivers two at once. */
export class PartitionWorker {
  private readonly slices: PreparedSlices;
  private hintedAt = 0;

  constructor(
    private readonly context: RunnerContext,
    readonly state: PartitionState,
  ) {
    this.slices = new PreparedSlices(context.projection);
  }

  /** Never throws, except what the batch's heartbeat throws. */
  async onBatch(batch: LogBatch): Promise<BatchOutcome> {
    const { state } = this;
    state.delivering = true;
    try {
      if (state.ownership === 'unknown') await this.claimed();
      if (state.ownership === 'halted') return { kind: 'pause' };
      if (state.ownership !== 'owned' || this.context.stopping.aborted)
        return { kind: 'retry', afterMs: 100 };
      return await this.takeBatch(batch);
    } finally {
      state.delivering = false;
      this.slices.clear();
    }
  }

  // A repair may take longer than a session lives: the batch is given back meanwhile, so that the log's client can say it lives.
  private async claimed(): Promise<void> {
    const { stopping } = this.context;
    await Promise.race([this.state.claiming(), pause(CLAIM_PATIENCE_MS, stopping)]);
  }

  private async takeBatch(batch: LogBatch): Promise<BatchOutcome> {
    const { state } = this;
    const { generation } = state;
    const { skip } = state.row as Claimed;
    const first = batch.records[0]?.offset ?? state.expected;
    const next = (batch.records.at(-1)?.offset ?? first) + 1;
    this.noteWaiting(batch);
    let gateOpen = false;
    for (;;) {
      const { expected } = state;
      if (expected === next) return { kind: 'applied' };
      if (batch.isStale() || this.context.stopping.aborted)
        return { kind: 'seek', offset: expected };
      const place = placeBatch({ first, next }, expected);
      if (place === 'behind') return { kind: 'seek', offset: expected };
      const work = place === 'apply' ? this.slices.take(batch, expected, skip) : undefined;
      if (work === undefined) return this.lookAhead(batch);
      await batch.heartbeat();
      if (!gateOpen) {
        // One look covers all slices of a batch: they had all arrived.
        const closed = await this.gate(batch);
        if (closed !== undefined) return closed;
        gateOpen = true;
      }
      await state.line.below(UNFINISHED_LIMIT);
      if (generation !== state.generation) return { kind: 'retry', afterMs: 0 };
      const ended = await this.applySlice(batch, work, generation);
      if (ended !== undefined) return ended;
    }
  }

  /** Undefined when the slice was applied and the batch goes on. */
  private async applySlice(
    batch: LogBatch,
    work: PreparedSlice,
    generation: number,
  ): Promise<BatchOutcome | undefined> {
    const { state, context } = this;
    const row = state.row as Claimed;
    const { slice, cut } = work;
    const begun = performance.now();
    const outcome = await context.transaction.apply({
      ...work,
      epoch: row.epoch,
      caughtUpAt: slice.next >= batch.high ? context.clock() : cut.last.appendedAt,
      onFolding: () => {
        this.slices.lookAhead(batch, slice.next, row.skip);
      },
    });
    // A claim that came meanwhile saw this commit or undid this transaction, and repairs what follows: nothing is left to do here.
    if (generation !== state.generation) return { kind: 'retry', afterMs: 0 };
    if (outcome.kind !== 'applied') return this.conclude(outcome);
    state.expected = slice.next;
    state.failures = 0;
    state.losses = 0;
    const { projection } = context;
    if (projection.afterCommit)
      state.line.push(async () => projection.afterCommit?.(slice, outcome.folded));
    this.report(batch, cut, begun);
    return undefined;
  }

  private async conclude(
    outcome: Exclude<SliceOutcome, { kind: 'applied' }>,
  ): Promise<BatchOutcome> {
    const { state } = this;
    if (outcome.kind === 'halt') return this.halt(outcome);
    if (outcome.kind === 'retry') return this.retry(outcome.error);
    if (outcome.kind === 'lost') state.lost();
    if (outcome.kind === 'moved') state.forget(0);
    if (outcome.kind === 'unknown') state.forget(backOffMs(state.failures++));
    return { kind: 'retry', afterMs: 0 };
  }

  private async halt(halt: Halt): Promise<BatchOutcome> {
    const { state } = this;
    try {
      await writeHalt(this.context, state.at, (state.row as Claimed).epoch, halt);
    } catch (error) {
      return this.retry(error);
    }
    state.halted(halt.reason);
    return { kind: 'pause' };
  }

  private retry(error: unknown): BatchOutcome {
    const afterMs = backOffMs(this.state.failures++);
    const partition = nameOf(this.state.at);
    this.context.logger.warn(
      { projection: this.context.projection.name, partition, afterMs, cause: messageOf(error) },
      'batch failed, trying again',
    );
    return { kind: 'retry', afterMs };
  }

  /** The batch has no record at the expected offset: ask the log whether there is one. */
  private async lookAhead(batch: LogBatch): Promise<BatchOutcome> {
    const { expected } = this.state;
    let verdict;
    try {
      const read = await this.context.log.read(batch.topic, batch.partition, expected, {
        maxRecords: 1,
      });
      verdict = judgeAhead(expected, { first: read[0]?.offset });
    } catch (error) {
      if (!(error instanceof OffsetOutOfRange)) return this.retry(error);
      verdict = judgeAhead(expected, { bounds: error });
    }
    return verdict.kind === 'halt' ? this.halt(verdict) : { kind: 'seek', offset: expected };
  }

  /** Undefined when it is open. A heartbeat's error escapes. */
  private async gate(batch: LogBatch): Promise<BatchOutcome | undefined> {
    for (let look = 0; look < GATE_LOOKS; look++) {
      try {
        if (await this.context.gates.passed()) return undefined;
      } catch (error) {
        return this.retry(error);
      }
      if (batch.isStale() || this.context.stopping.aborted) break;
      await pause(GATE_RETRY_MS, this.context.stopping);
      await batch.heartbeat();
    }
    return { kind: 'retry', afterMs: GATE_RETRY_MS };
  }

  private noteWaiting(batch: LogBatch): void {
    const waiting = batch.records.find((record) => record.offset >= this.state.expected);
    this.state.waitingSince = waiting?.appendedAt;
  }

  private report(batch: LogBatch, cut: Cut, begun: number): void {
    const { state, context } = this;
    const now = context.clock();
    const lag = Math.max(0, batch.high - cut.next);
    state.waitingSince = lag === 0 ? undefined : cut.last.appendedAt;
    const seconds = (performance.now() - begun) / 1_000;
    const freshness = Math.max(0, now - cut.last.appendedAt) / 1_000;
    context.meters.batch(seconds, freshness);
    context.meters.lag(state.at, lag);
    if (now - this.hintedAt < HINT_EVERY_MS) return;
    this.hintedAt = now;
    context.consumer()?.commitHint(state.at, cut.next);
  }
}
