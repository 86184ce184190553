// kafkajs.md, section 2, and why each number is what it is.

export const CONSUMER_SETTINGS = {
  // A member that died is noticed after 45 s; a group waits 90 s for a member whose batch is long.
  sessionTimeout: 45_000,
  rebalanceTimeout: 90_000,
  heartbeatInterval: 3_000,
  // Packed bytes: eight to ten times as many in memory, so about 3,500 events a partition and 20 MB a fetch. Four times as much was
  // no faster and filled the memory.
  maxBytesPerPartition: 256 << 10,
  maxBytes: 2 << 20,
  // The default of 5 s makes each rebalance on an idle topic wait for 5 s.
  maxWaitTimeInMs: 500,
  metadataMaxAge: 60_000,
  readUncommitted: false,
  allowAutoTopicCreation: false,
  retry: { retries: 8, initialRetryTime: 300, maxRetryTime: 5_000, factor: 0.5, multiplier: 2 },
} as const;

/** What shows that kafkajs is at work, a fault that it repeats included. */
export const SIGNS_OF_LIFE = [
  'FETCH_START',
  'FETCH',
  'GROUP_JOIN',
  'REBALANCING',
  'HEARTBEAT',
  'CRASH',
  'CONNECT',
  'REQUEST',
  'REQUEST_TIMEOUT',
] as const;

/**
 * A consumer can hang without a retry and without an error (tulios/kafkajs 1163). Its longest honest silence is one request that
 * times out after 30 s, and a pause of 5 s.
 */
export const SILENCE_MS = 60_000;

/** Running handlers get this long when the consumer stops. */
export const STOP_GRACE_MS = 10_000;
