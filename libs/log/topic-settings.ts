// Broker settings of every topic, equal to infra/kafka/topics.json (a spec compares them): the file is for people and their
// tools, this copy is what `ensureTopics` sends, so that a built service needs no file beside it.

/**
 * LogAppendTime: retention and lag never follow a sender's clock. zstd: what foreign producers compress otherwise the broker
 * turns into the one codec that our consumers are tested with. delete, never compact: offsets stay contiguous.
 */
export const TOPIC_CONFIG: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'compression.type': 'zstd',
  'max.message.bytes': '1048576',
  'message.timestamp.type': 'LogAppendTime',
  'retention.bytes': '-1',
  'retention.ms': '-1',
  'unclean.leader.election.enable': 'false',
};

/** Where at least three brokers are: three copies, two of which must hold a record before it is acknowledged. */
export const CLUSTER_REPLICATION = 3;
export const CLUSTER_MIN_INSYNC = '2';
