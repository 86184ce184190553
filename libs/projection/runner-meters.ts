// The figures that a runner reports, by the names of libs/telemetry/metrics.ts. Times in seconds.
import type { TopicPartition } from '../log/event-log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { keyOf as nameOf } from '../log/partition-key.js';

/** Why a partition stands, and where. */
export interface HaltedAt {
  readonly reason: string;
  readonly offset: number;
}

/** Reports for one projection. */
export class RunnerMeters {
  private readonly told = new Map<string, Readonly<Record<string, string>>>();

  constructor(
    private readonly metrics: Metrics,
    private readonly projection: string,
  ) {}

  /** A slice was committed: how long it took, and how old its last record was by then. */
  batch(seconds: number, freshnessSeconds: number): void {
    this.metrics.batchSeconds.observe({ projection: this.projection }, seconds);
    this.metrics.freshnessSeconds.observe({ projection: this.projection }, freshnessSeconds);
  }

  lag(at: TopicPartition, records: number): void {
    this.metrics.lag.set(this.labels(at), records);
  }

  /** Undefined: it is not halted, or no longer. */
  halted(at: TopicPartition, halt: HaltedAt | undefined): void {
    this.metrics.halts.set(this.labels(at), halt ? 1 : 0);
    this.forgetReason(at);
    if (!halt) return;
    const { reason, offset } = halt;
    const labels = { ...this.labels(at), reason, offset: String(offset) };
    this.metrics.haltReasons.set(labels, 1);
    this.told.set(nameOf(at), labels);
  }

  /** The partition is another instance's now: its figures come from there. */
  away(at: TopicPartition): void {
    this.metrics.lag.remove(this.labels(at));
    this.metrics.halts.remove(this.labels(at));
    this.forgetReason(at);
  }

  private forgetReason(at: TopicPartition): void {
    const labels = this.told.get(nameOf(at));
    if (!labels) return;
    this.metrics.haltReasons.remove(labels);
    this.told.delete(nameOf(at));
  }

  private labels(at: TopicPartition): { projection: string; topic: string; partition: string } {
    return { projection: this.projection, topic: at.topic, partition: String(at.partition) };
  }
}
