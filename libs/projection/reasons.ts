// Why a projection is not ready, in words for /health/ready.
import type { Ownership } from './partition-state.js';
import type { TopicPartition } from '../log/event-log.js';
import { nameOf } from './runner-context.js';

export interface PartitionView {
  readonly at: TopicPartition;
  readonly ownership: Ownership;
  readonly haltReason: string | undefined;
  readonly unknownSince: number;
  readonly everOwned: boolean;
  readonly waitingSince: number | undefined;
}

export interface RunnerView {
  readonly name: string;
  readonly crash: Error | undefined;
  readonly joined: boolean;
  readonly states: readonly PartitionView[];
  readonly now: number;
  readonly lagLimitMs: number;
}

/** `metering.usage usage.recorded[3] is halted: log_gap`; empty when nothing is halted, dead or behind by more than the limit. */
export function reasonsOf(view: RunnerView): string[] {
  const { name, crash, joined, states } = view;
  if (crash !== undefined) return [`${name} lost its consumer: ${crash.message}`];
  if (!joined) return [`${name} has not joined its group yet`];
  return states.flatMap((state) => {
    const reason = reasonOf(state, view);
    return reason === undefined ? [] : [`${name} ${nameOf(state.at)} ${reason}`];
  });
}

function reasonOf(state: PartitionView, { now, lagLimitMs }: RunnerView): string | undefined {
  if (state.ownership === 'away') return undefined;
  if (state.ownership === 'halted') return `is halted: ${state.haltReason}`;
  if (state.ownership === 'unknown' && (!state.everOwned || now - state.unknownSince > lagLimitMs))
    return 'is not claimed yet';
  const behindMs = state.waitingSince === undefined ? 0 : now - state.waitingSince;
  return behindMs > lagLimitMs ? `is ${Math.round(behindMs / 1_000)} s behind` : undefined;
}
