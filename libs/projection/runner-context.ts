// What the parts of a runner share.
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { EventLog, LogConsumer, TopicPartition } from '../log/event-log.js';
import type { Clock } from '../time/instant.js';
import type { Gates } from './gates.js';
import type { PositionRows } from './position-rows.js';
import type { Projection } from './projection.js';
import type { RunnerMeters } from './runner-meters.js';
import type { SliceTransaction } from './slice-transaction.js';

export interface RunnerContext {
  readonly projection: Projection;
  readonly log: EventLog;
  readonly source: DataSource;
  readonly positions: PositionRows;
  readonly transaction: SliceTransaction;
  readonly gates: Gates;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meters: RunnerMeters;
  readonly instance: string;
  /** Aborted when the runner stops: waits end, nothing new begins. */
  readonly stopping: AbortSignal;
  /** Undefined until the group was joined. */
  consumer(): LogConsumer | undefined;
}

/** `usage.recorded[3]`, for logs and reasons. */
export function nameOf(at: TopicPartition): string {
  return `${at.topic}[${at.partition}]`;
}
