import type { Logger } from 'pino';
import type { Metrics } from '../telemetry/metrics.js';

/** What a service tells `createApp` about itself. */
export interface AppOptions {
  readonly name: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Bytes; 1 MiB unless the app says otherwise. */
  readonly bodyLimit?: number;
  /** One line per request; true by default. */
  readonly logRequests?: boolean;
}
