import { freshDatabaseUrl } from '../../testing/postgres.js';
import type { EventLog } from '../event-log.js';
import { openLog } from '../open-log.js';
import { describeLog } from './log-contract.js';

describe('log in Postgres tables', () => {
  let databaseUrl: string;
  let log: EventLog;
  const open = async () => openLog({ kind: 'embedded', databaseUrl, clientId: 'contract' });
  beforeAll(async () => {
    databaseUrl = await freshDatabaseUrl('log');
    // Two processes that start at once make the tables once.
    const logs = await Promise.all([open(), open()]);
    await logs[1]?.close();
    [log] = logs;
  });
  afterAll(async () => log.close());

  describeLog(() => log, open);
});
