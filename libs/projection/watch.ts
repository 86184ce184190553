// What a runner does each second beside folding: notices that an operator cleared a halt, how far the log has gone, and
// notes in the rows that an idle partition is caught up (`as_of.caught_up_at`).
import { messageOf } from './failure-class.js';
import type { PartitionState } from './partition-state.js';
import { nameOf, type RunnerContext } from './runner-context.js';

/** One look at everything; never rejects: what it could not see it sees a second later. */
export async function watchOnce(
  context: RunnerContext,
  states: readonly PartitionState[],
): Promise<void> {
  try {
    await resumeCleared(context, states);
    await measure(context, states);
  } catch (error) {
    context.logger.debug(
      { projection: context.projection.name, cause: messageOf(error) },
      'the watch could not look',
    );
  }
}

async function resumeCleared(
  context: RunnerContext,
  states: readonly PartitionState[],
): Promise<void> {
  const halted = states.filter((state) => state.ownership === 'halted');
  if (halted.length === 0) return;
  const still = new Set((await context.positions.halted()).map(nameOf));
  for (const state of halted) {
    if (state.ownership !== 'halted' || still.has(nameOf(state.at))) continue;
    context.logger.info({ projection: context.projection.name, ...state.at }, 'halt was cleared');
    state.forget(0);
    context.consumer()?.resume(state.at);
  }
}

async function measure(context: RunnerContext, states: readonly PartitionState[]): Promise<void> {
  const now = context.clock();
  const idle = [];
  for (const topic of context.projection.topics) {
    const here = states.filter((state) => state.at.topic === topic && state.ownership !== 'away');
    if (here.length === 0) continue;
    const ends = new Map(
      (await context.log.watermarks(topic)).map(({ partition, high }) => [partition, high]),
    );
    for (const state of here) {
      const lag = (ends.get(state.at.partition) ?? 0) - state.expected;
      if (state.ownership === 'owned') context.meters.lag(state.at, Math.max(0, lag));
      if (lag > 0) state.waitingSince ??= now;
      else if (state.ownership === 'owned' && !state.delivering) idle.push(state);
    }
  }
  for (const state of idle) state.waitingSince = undefined;
  await context.positions.noteCaughtUp(
    idle.map((state) => state.at),
    now,
  );
}
