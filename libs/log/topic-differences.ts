// Compares the settings that a broker has for a topic with those that the accounting needs.
import { CLUSTER_MIN_INSYNC, CLUSTER_REPLICATION, TOPIC_CONFIG } from './topic-settings.js';

/** Where a topic was made by others with these otherwise, records vanish or their times are the sender's: nothing starts on it. */
const BREAKS_ACCOUNTING: Readonly<Record<string, string>> = {
  'cleanup.policy': 'records that were counted would be removed',
  'message.timestamp.type': 'records would carry their sender’s clock',
  'retention.bytes': 'records would vanish by size before a rebuild has read them',
  'retention.ms': 'records would vanish with time before a rebuild has read them',
};

/** Settings by name as a broker tells them: `cleanup.policy` → `delete`. */
export type BrokerSettings = ReadonlyMap<string, string>;

/** Sentences of the kind `retention.ms is 604800000, not -1: …`. */
export interface TopicDifferences {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** The names of all settings that are compared, for the question to the broker. */
export const COMPARED_SETTINGS: readonly string[] = [
  ...Object.keys(TOPIC_CONFIG),
  'min.insync.replicas',
];

/** What differs, errors apart from warnings; a setting that the broker did not tell is a warning. `brokers` is their number. */
export function topicDifferences(found: BrokerSettings, brokers: number): TopicDifferences {
  const errors: string[] = [];
  const warnings: string[] = [];
  for (const name of COMPARED_SETTINGS) {
    const rule = ruleOf(name, brokers);
    const value = found.get(name);
    if (value !== undefined && rule.allows(value)) continue;
    const harm = value === undefined ? undefined : BREAKS_ACCOUNTING[name];
    const told = `${name} is ${value ?? 'not told by the broker'}, not ${rule.wanted}`;
    if (harm === undefined) warnings.push(told);
    else errors.push(`${told}: ${harm}`);
  }
  return { errors, warnings };
}

interface Rule {
  readonly wanted: string;
  allows(value: string): boolean;
}

function ruleOf(name: string, brokers: number): Rule {
  if (name === 'min.insync.replicas')
    return atLeast(brokers >= CLUSTER_REPLICATION ? CLUSTER_MIN_INSYNC : '1');
  const wanted = TOPIC_CONFIG[name] as string;
  if (name === 'max.message.bytes') return atLeast(wanted);
  return { wanted, allows: (value) => value === wanted };
}

// More room for a message, or more copies before an acknowledgement, harms nothing.
function atLeast(least: string): Rule {
  return { wanted: `at least ${least}`, allows: (value) => Number(value) >= Number(least) };
}
