// The one place that knows both adapters: a process asks for a log by its settings and gets the port.
import { ConfigurationError, type Environment } from '../config/environment.js';
import { EmbeddedLog } from './embedded-log.js';
import type { EventLog } from './event-log.js';
import { KafkaLog } from './kafka-log.js';
import { type KafkaSecurity, kafkaSecurity } from './kafka-security.js';
import type { WarningSink } from './kafka-topics.js';

export interface OpenLogOptions {
  readonly kind: 'kafka' | 'embedded';
  /** `host:port`; for kind `kafka`. */
  readonly brokers?: readonly string[];
  /** For kind `embedded`. */
  readonly databaseUrl?: string;
  /** Shown in the broker's and the database's own views: `metering`. */
  readonly clientId: string;
  /** For kind `kafka`: when the group moves on from a member that fell silent. */
  readonly sessionTimeoutMs?: number;
  /** For kind `kafka`: TLS and SASL. */
  readonly security?: KafkaSecurity;
  /** Told of topics whose settings differ. */
  readonly logger?: WarningSink;
}

/** Opens the log; rejects with LogUnavailable when it cannot be reached, with ConfigurationError when the settings are not whole. */
export async function openLog(options: OpenLogOptions): Promise<EventLog> {
  const { clientId, databaseUrl, brokers, sessionTimeoutMs, security, logger } = options;
  if (options.kind === 'kafka') {
    if (!brokers?.length) throw new ConfigurationError('EVENT_LOG=kafka needs KAFKA_BROKERS');
    return new KafkaLog({
      brokers,
      clientId,
      ...(sessionTimeoutMs !== undefined && { sessionTimeoutMs }),
      ...(security && { security }),
      ...(logger && { logger }),
    });
  }
  if (databaseUrl === undefined)
    throw new ConfigurationError('EVENT_LOG=embedded needs LOG_DATABASE_URL');
  return EmbeddedLog.open({ databaseUrl, clientId });
}

/**
 * `EVENT_LOG=kafka` with `KAFKA_BROKERS=a:1,b:2` and, for TLS and SASL, the variables of kafka-security.ts; or
 * `EVENT_LOG=embedded` (the default) with `LOG_DATABASE_URL`.
 */
export async function logFromEnvironment(
  env: Environment,
  clientId: string,
  logger?: WarningSink,
): Promise<EventLog> {
  const kind = env.oneOf('EVENT_LOG', ['kafka', 'embedded'], 'embedded');
  if (kind === 'embedded')
    return openLog({
      kind,
      clientId,
      databaseUrl: env.url('LOG_DATABASE_URL', ['postgres:', 'postgresql:']),
    });
  return openLog({
    kind,
    clientId,
    brokers: parseBrokers(env.text('KAFKA_BROKERS')),
    security: kafkaSecurity(env),
    ...(logger && { logger }),
    // 6 s is the least that a broker allows (group.min.session.timeout.ms).
    sessionTimeoutMs: env.integer('KAFKA_SESSION_TIMEOUT_MS', 45_000, 6_000, 300_000),
  });
}

/** `a:9092, b:9092` → `['a:9092', 'b:9092']`; anything that is not host:port is refused by name. */
export function parseBrokers(text: string): string[] {
  const brokers = text.split(',').map((broker) => broker.trim());
  for (const broker of brokers)
    if (!/^[^\s:/]+:\d{1,5}$/.test(broker))
      throw new ConfigurationError(`KAFKA_BROKERS must be host:port,host:port, not "${text}"`);
  return brokers;
}
