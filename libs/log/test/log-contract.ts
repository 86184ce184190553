import type { EventLog } from '../event-log.js';
import { describeAppends } from './append-contract.js';
import { describeConsumers } from './consume-contract.js';
import { describeDeliveries } from './delivery-contract.js';
import { describeGroups } from './group-contract.js';
import { describeReads } from './read-contract.js';

/** The whole contract of the port. `another` opens the same log a second time, as another process would. */
export function describeLog(log: () => EventLog, another: () => Promise<EventLog>): void {
  describeReads(log);
  describeAppends(log);
  describeConsumers(log);
  describeDeliveries(log);
  describeGroups(log, another);
}
