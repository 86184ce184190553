import { describeWithKafka } from '../../testing/kafka.js';
import type { EventLog } from '../event-log.js';
import { openLog } from '../open-log.js';
import { describeLog } from './log-contract.js';

describeWithKafka('log on Kafka', (brokers) => {
  let log: EventLog;
  const open = async () => openLog({ kind: 'kafka', brokers, clientId: 'contract' });
  beforeAll(async () => {
    log = await open();
  });
  afterAll(async () => log.close());

  describeLog(() => log, open);
});
