import { MemoryLog } from '../../testing/memory-log.js';
import type { EventLog } from '../event-log.js';
import { describeLog } from './log-contract.js';

describe('log in memory', () => {
  const log = new MemoryLog();
  afterAll(async () => log.close());

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
  describeLog(
    () => log,
    async () => shared,
  );
});
