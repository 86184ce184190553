import { MemoryLog } from '../../testing/memory-log.js';
import type { EventLog } from '../event-log.js';
import { describeAppends } from './append-contract.js';
import { describeConsumers } from './consume-contract.js';

describe('log in memory', () => {
  const log = new MemoryLog();
  afterAll(async () => log.close());

  describeAppends(() => log);
  // Another process cannot share this memory: the second opening is the same log, closed only at the end.
  const shared: EventLog = {
    ensureTopics: async (topics) => log.ensureTopics(topics),
    partitionCount: async (topic) => log.partitionCount(topic),
    append: async (...call) => log.append(...call),
    watermarks: async (topic) => log.watermarks(topic),
    read: async (...call) => log.read(...call),
    consume: async (options) => log.consume(options),
    close: async () => undefined,
  };
  describeConsumers(
    () => log,
    async () => shared,
  );
});
