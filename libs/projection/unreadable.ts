// Bytes of the log that nobody can read: the partition stops, with the offset and the fault in its row, on /metrics and in the log.
import type { BatchOutcome, Unreadable } from '../log/event-log.js';
import { backOffMs } from './back-off.js';
import { writeHalt } from './claim.js';
import { LOG_UNREADABLE } from './decide.js';
import { messageOf } from './failure-class.js';
import type { PartitionState } from './partition-state.js';
import type { Claimed } from './position-rows.js';
import { nameOf, type RunnerContext } from './runner-context.js';

/** Halts a partition that its consumer cannot read on; elsewhere than where the partition stands it is nobody's concern. */
export async function haltUnreadable(
  context: RunnerContext,
  state: PartitionState,
  place: Unreadable,
): Promise<BatchOutcome> {
  if (state.ownership !== 'owned') return { kind: 'retry', afterMs: 100 };
  if (place.offset !== state.expected) return { kind: 'seek', offset: state.expected };
  const detail = `${nameOf(place)} cannot be read at ${place.offset}: ${place.detail}`;
  try {
    const { epoch } = state.row as Claimed;
    await writeHalt(context, state.at, epoch, { kind: 'halt', reason: LOG_UNREADABLE, detail });
  } catch (error) {
    context.logger.warn(
      { projection: context.projection.name, ...state.at, cause: messageOf(error) },
      'a halt could not be written, trying again',
    );
    return { kind: 'retry', afterMs: backOffMs(state.failures++) };
  }
  state.halted(LOG_UNREADABLE);
  return { kind: 'pause' };
}
