import type { Logger } from 'pino';
import type { Metrics } from '../telemetry/metrics.js';
import type { ClientAddresses } from './client-address.js';
import type { FailedKeys } from './failed-keys.js';

/** What a service tells `createApp` about itself. */
export interface AppOptions {
  readonly name: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Bytes; 1 MiB unless the app says otherwise. */
  readonly bodyLimit?: number;
  /** Makes the answer of /openapi.json out of the app's own document; the edge adds those of the services. */
  readonly openApi?: (own: object) => Promise<object>;
  /** Called when the stop begins, before running requests are waited for: the place to end endless answers. */
  readonly onDraining?: () => void;
  /** Whose word on a caller's address counts; of proxies on this machine when absent. */
  readonly addresses?: ClientAddresses;
  /** Holds addresses back that send wrong keys; by the system's clock when absent. */
  readonly failed?: FailedKeys;
  /** One line per request; true by default. */
  readonly logRequests?: boolean;
}
