import { topicDifferences } from './topic-differences.js';
import { TOPIC_CONFIG } from './topic-settings.js';

const OURS = { ...TOPIC_CONFIG, 'min.insync.replicas': '2' };
const compare = (changes: Record<string, string>, brokers = 3) =>
  topicDifferences(new Map(Object.entries({ ...OURS, ...changes })), brokers);

describe('settings of a topic that exists', () => {
  it('are no difference when they are ours', () => {
    expect(compare({})).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    ['cleanup.policy', 'compact'],
    ['cleanup.policy', 'compact,delete'],
    ['message.timestamp.type', 'CreateTime'],
    ['retention.bytes', '1073741824'],
    ['retention.ms', '604800000'],
  ])('are an error for %s %s, which breaks the accounting', (name, value) => {
    const { errors, warnings } = compare({ [name]: value });
    expect(errors).toEqual([expect.stringContaining(`${name} is ${value}, not `)]);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['compression.type', 'producer', 'zstd'],
    ['max.message.bytes', '65536', 'at least 1048576'],
    ['min.insync.replicas', '1', 'at least 2'],
    ['unclean.leader.election.enable', 'true', 'false'],
  ])('are a warning for %s %s', (name, value, wanted) => {
    expect(compare({ [name]: value })).toEqual({
      errors: [],
      warnings: [`${name} is ${value}, not ${wanted}`],
    });
  });

  it.each([
    ['max.message.bytes', '8388608', 3],
    ['min.insync.replicas', '3', 3],
    ['min.insync.replicas', '1', 1],
  ])('may be more than ours: %s %s with %i brokers', (name, value, brokers) => {
    expect(compare({ [name]: value }, brokers)).toEqual({ errors: [], warnings: [] });
  });

  it('are a warning each when the broker does not tell them', () => {
    const { errors, warnings } = topicDifferences(new Map(), 1);
    expect(errors).toEqual([]);
    expect(warnings).toContain('retention.ms is not told by the broker, not -1');
    expect(warnings).toHaveLength(8);
  });
});
