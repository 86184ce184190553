// The figures that a runner reports, by the names of libs/telemetry/metrics.ts. Times in seconds.
import type { TopicPartition } from '../log/event-log.js';
import type { Metrics } from '../telemetry/metrics.js';

/** Reports for one projection. */
export class RunnerMeters {
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

  halted(at: TopicPartition, halted: boolean): void {
    this.metrics.halts.set(this.labels(at), halted ? 1 : 0);
  }

  /** The partition is another instance's now: its figures come from there. */
  away(at: TopicPartition): void {
    this.metrics.lag.remove(this.labels(at));
    this.metrics.halts.remove(this.labels(at));
  }

  private labels(at: TopicPartition): { projection: string; topic: string; partition: string } {
    return { projection: this.projection, topic: at.topic, partition: String(at.partition) };
  }
}
