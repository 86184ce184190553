// What quota measures of itself beside the common metrics.
import { Counter, Histogram } from 'prom-client';
import type { Metrics } from '#libs/telemetry/metrics.js';

export class QuotaMeters {
  readonly batchSeconds: Histogram;
  readonly batchItems: Histogram;
  /** `mode` is `database`, or `lease` while the database is away; `outcome` admitted or refused. */
  readonly decisions: Counter<'outcome' | 'mode'>;
  /** Requests that were refused because the database was away and their tier fails closed. */
  readonly closed: Counter;
  readonly expired: Counter;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    this.batchSeconds = new Histogram({
      name: 'meterbook_quota_batch_seconds',
      help: 'Time of one transaction of admission commands',
      buckets: [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.05, 0.25, 1, 5],
      registers,
    });
    this.batchItems = new Histogram({
      name: 'meterbook_quota_batch_commands',
      help: 'Admission commands in one transaction',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200],
      registers,
    });
    this.decisions = new Counter({
      name: 'meterbook_quota_decisions_total',
      help: 'Reservations by outcome and by who decided',
      labelNames: ['outcome', 'mode'] as const,
      registers,
    });
    this.closed = new Counter({
      name: 'meterbook_quota_failed_closed_total',
      help: 'Reservations that nobody could decide while the database was away',
      registers,
    });
    this.expired = new Counter({
      name: 'meterbook_quota_expiry_sweeps_total',
      help: 'Organizations whose overdue reservations were ended by the sweep',
      registers,
    });
  }
}
