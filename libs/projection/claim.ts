// Taking a partition over: a new epoch in its row, then proof that the log still holds what was read (projection-protocol.md
// section 2, on assignment). It also is the one way back after a lost answer to a COMMIT or a failed `afterCommit`.
import { OffsetOutOfRange, RecordsUnreadable, type TopicPartition } from '../log/event-log.js';
import {
  judgeBounds,
  judgeFirstClaim,
  judgeProbe,
  LOG_UNREADABLE,
  type Bounds,
  type Halt,
} from './decide.js';
import type { Claimed } from './position-rows.js';
import { PartitionHalt } from './projection.js';
import { recordDigest } from './record-digest.js';
import { nameOf, type RunnerContext } from './runner-context.js';

/** A partition after a claim: ours, or halted before now or by this claim. */
export type ClaimResult =
  | { readonly kind: 'owned'; readonly row: Claimed }
  | { readonly kind: 'halted'; readonly reason: string; readonly offset: number };

/** Claims the partition, probes the log and lets the projection repair. Rejects with what may pass; the caller tries again. */
export async function claimPartition(
  context: RunnerContext,
  at: TopicPartition,
): Promise<ClaimResult> {
  const row = await takeRow(context, at);
  const { nextOffset: offset } = row;
  if (row.haltReason !== null) return { kind: 'halted', reason: row.haltReason, offset };
  const verdict = await examine(context, at, row).catch(asHalt);
  if (verdict.kind === 'owned') return { kind: 'owned', row };
  await writeHalt(context, at, row.epoch, verdict);
  return { kind: 'halted', reason: verdict.reason, offset };
}

/** Keeps a halt in the row; rejects when the row is another owner's by now. */
export async function writeHalt(
  context: RunnerContext,
  at: TopicPartition,
  epoch: number,
  halt: Halt,
): Promise<void> {
  const { reason, detail } = halt;
  const written = await context.positions.halt(at, { epoch, reason, detail, at: context.clock() });
  if (!written) throw new Error(`${nameOf(at)} was claimed by another owner before it halted`);
  context.logger.error(
    { projection: context.projection.name, ...at, reason, detail },
    'partition halted',
  );
}

async function takeRow(context: RunnerContext, at: TopicPartition): Promise<Claimed> {
  const { positions, instance } = context;
  const existing = await positions.claim(at, instance);
  if (existing !== undefined) return existing;
  await positions.create(at, instance);
  const created = await positions.claim(at, instance);
  if (created === undefined) throw new Error(`${nameOf(at)} has no position row`);
  return created;
}

// What cannot be read will not be there the next time either: neither probe nor repair can say that nothing is missing.
function asHalt(error: unknown): Halt {
  if (error instanceof RecordsUnreadable)
    return { kind: 'halt', reason: LOG_UNREADABLE, detail: error.message };
  throw error;
}

async function examine(
  context: RunnerContext,
  at: TopicPartition,
  row: Claimed,
): Promise<{ readonly kind: 'owned' } | Halt> {
  const bounds = await boundsOf(context, at);
  // Nothing was ever read and no gap was accepted: the beginning itself must be there.
  const verdict =
    row.nextOffset === 0 ? judgeFirstClaim(bounds) : judgeBounds(row.nextOffset, bounds);
  const probed =
    // After an accepted gap there is nothing to compare, and perhaps nothing that can be read.
    verdict.kind === 'probe' && row.lastDigest !== null
      ? judgeProbe(row.lastDigest, await digestAt(context, at, verdict.offset), verdict.offset)
      : verdict;
  if (probed.kind === 'halt') return probed;
  try {
    await context.projection.onClaimed?.(at, row.nextOffset);
  } catch (error) {
    if (!(error instanceof PartitionHalt)) throw error;
    return { kind: 'halt', reason: error.reason, detail: error.message };
  }
  return { kind: 'owned' };
}

async function boundsOf(context: RunnerContext, at: TopicPartition): Promise<Bounds> {
  const marks = await context.log.watermarks(at.topic);
  const found = marks.find((mark) => mark.partition === at.partition);
  if (found === undefined) throw new Error(`the log gives no watermarks of ${nameOf(at)}`);
  return found;
}

async function digestAt(
  context: RunnerContext,
  at: TopicPartition,
  offset: number,
): Promise<bigint | undefined> {
  try {
    const [record] = await context.log.read(at.topic, at.partition, offset, { maxRecords: 1 });
    return record?.offset === offset ? recordDigest(record) : undefined;
  } catch (error) {
    if (error instanceof OffsetOutOfRange) return undefined;
    throw error;
  }
}
