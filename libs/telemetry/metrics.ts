// Prometheus metrics of one service; names are `meterbook_…`, times in seconds.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const HTTP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const FRESHNESS_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

/** One per process; pass it to `createApp` and to every projection runner. */
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  /** Events by what became of them: `accepted`, `rejected`, `counted`, `duplicate`, `conflict` … */
  readonly events = new Counter({
    name: 'meterbook_events_total',
    help: 'Events by outcome',
    labelNames: ['outcome'] as const,
    registers: this.registers,
  });

  readonly lag = new Gauge({
    name: 'meterbook_projection_lag_records',
    help: 'Records between the position of a projection and the end of the partition',
    labelNames: ['projection', 'topic', 'partition'] as const,
    registers: this.registers,
  });

  readonly batchSeconds = new Histogram({
    name: 'meterbook_projection_batch_seconds',
    help: 'Time to fold and commit one slice',
    labelNames: ['projection'] as const,
    buckets: BATCH_BUCKETS,
    registers: this.registers,
  });

  readonly freshnessSeconds = new Histogram({
    name: 'meterbook_projection_freshness_seconds',
    help: 'From the append of a record to the commit of its effect',
    labelNames: ['projection'] as const,
    buckets: FRESHNESS_BUCKETS,
    registers: this.registers,
  });

  /** 1 while a partition is halted, else 0. */
  readonly halts = new Gauge({
    name: 'meterbook_projection_halted',
    help: '1 while the partition is halted',
    labelNames: ['projection', 'topic', 'partition'] as const,
    registers: this.registers,
  });

  /** 1 for each halted partition: why, and the offset at which it stands. Gone when it is not halted. */
  readonly haltReasons = new Gauge({
    name: 'meterbook_projection_halt_reason',
    help: '1 while the partition is halted for this reason at this offset',
    labelNames: ['projection', 'topic', 'partition', 'reason', 'offset'] as const,
    registers: this.registers,
  });

  readonly httpSeconds = new Histogram({
    name: 'meterbook_http_request_seconds',
    help: 'Time from the first byte of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: HTTP_BUCKETS,
    registers: this.registers,
  });

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }
}
