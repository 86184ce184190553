// The seven topics, by the names and partitioning of the design (section 1). `infra/kafka/topics.json` holds the broker settings.

export const USAGE_RECORDED = 'usage.recorded';
export const USAGE_METERED = 'usage.metered';
export const ACCOUNTS = 'accounts';
export const CATALOG = 'catalog';
export const QUOTA_EVENTS = 'quota.events';
export const BILLING_EVENTS = 'billing.events';
export const USAGE_REJECTED = 'usage.rejected';

/** 12 unless the deployment says otherwise; a topic that is `single` has one partition, for a total order of its facts. */
export const DEFAULT_PARTITIONS = 12;

export interface TopicSpec {
  readonly name: string;
  readonly single: boolean;
}

export const TOPICS: readonly TopicSpec[] = [
  { name: USAGE_RECORDED, single: false },
  { name: USAGE_METERED, single: false },
  { name: ACCOUNTS, single: true },
  { name: CATALOG, single: true },
  { name: QUOTA_EVENTS, single: false },
  { name: BILLING_EVENTS, single: false },
  { name: USAGE_REJECTED, single: false },
];
