// TLS and SASL of the connections to the brokers, read from the environment.
import { isIP } from 'node:net';
import type { SASLOptions } from 'kafkajs';
import { ConfigurationError, type Environment } from '../config/environment.js';
import {
  type ReadText,
  readText,
  refuseIgnored,
  textOfFile,
  TLS_PARTS,
  type TlsFiles,
  tlsFiles,
} from '../config/tls-files.js';

/** As kafkajs takes them (`ssl`, `sasl`). Neither is there for plain text without a login. */
export interface KafkaSecurity {
  /** The brokers' certificates are always checked; PEM texts. */
  readonly ssl?: TlsFiles & {
    readonly rejectUnauthorized: true;
    readonly minVersion: 'TLSv1.2';
  };
  readonly sasl?: SASLOptions & Login;
}

interface Login {
  readonly mechanism: (typeof MECHANISMS)[number];
  readonly username: string;
  readonly password: string;
}

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const TLS_FILES = TLS_PARTS.map((part) => `KAFKA_TLS_${part}_FILE`);
const SASL_VALUES = [
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
  'KAFKA_SASL_PASSWORD_FILE',
] as const;

/**
 * Reads KAFKA_TLS (`true`), KAFKA_TLS_CA_FILE, KAFKA_TLS_CERT_FILE with KAFKA_TLS_KEY_FILE, KAFKA_SASL_MECHANISM,
 * KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD_FILE or KAFKA_SASL_PASSWORD. Throws ConfigurationError that names the variable
 * where one is missing, cannot be read, or would be ignored.
 */
export function kafkaSecurity(env: Environment, read: ReadText = readText): KafkaSecurity {
  const isTls = env.oneOf('KAFKA_TLS', ['true', 'false'], 'false') === 'true';
  const ssl = isTls ? tlsOf(env, read) : undefined;
  if (!isTls) refuseIgnored(env, TLS_FILES, 'KAFKA_TLS=true');
  const sasl = saslOf(env, read);
  // RFC 4616: PLAIN is the password itself, which only TLS hides.
  if (sasl?.mechanism === 'plain' && !isTls && !isLocal(env.text('KAFKA_BROKERS', '')))
    throw new ConfigurationError(
      'KAFKA_SASL_MECHANISM=plain sends the password as it is: it needs KAFKA_TLS=true',
    );
  return { ...(ssl && { ssl }), ...(sasl && { sasl }) };
}

function tlsOf(env: Environment, read: ReadText): NonNullable<KafkaSecurity['ssl']> {
  return { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...tlsFiles(env, 'KAFKA_TLS', read) };
}

function saslOf(env: Environment, read: ReadText): KafkaSecurity['sasl'] {
  if (env.optional('KAFKA_SASL_MECHANISM') === undefined) {
    refuseIgnored(env, SASL_VALUES, `KAFKA_SASL_MECHANISM (${MECHANISMS.join(', ')})`);
    return undefined;
  }
  return {
    mechanism: env.oneOf('KAFKA_SASL_MECHANISM', MECHANISMS, 'scram-sha-512'),
    username: env.text('KAFKA_SASL_USERNAME'),
    password: passwordOf(env, read),
  };
}

function passwordOf(env: Environment, read: ReadText): string {
  const given = env.optional('KAFKA_SASL_PASSWORD');
  if (env.optional('KAFKA_SASL_PASSWORD_FILE') === undefined) {
    if (given !== undefined) return given;
    throw new ConfigurationError('KAFKA_SASL_PASSWORD_FILE or KAFKA_SASL_PASSWORD must be set');
  }
  if (given !== undefined)
    throw new ConfigurationError(
      'KAFKA_SASL_PASSWORD and KAFKA_SASL_PASSWORD_FILE are both set: which one counts?',
    );
  // Editors and `echo` end a file with a line break, which is no part of a password.
  const password = textOfFile(env, 'KAFKA_SASL_PASSWORD_FILE', read)?.replace(/\r?\n$/, '');
  if (!password) throw new ConfigurationError('KAFKA_SASL_PASSWORD_FILE is empty');
  return password;
}

// Brokers of this machine only: what is sent to them meets no wire.
function isLocal(brokers: string): boolean {
  return brokers.split(',').every((broker) => {
    const host = broker
      .trim()
      .replace(/:\d+$/, '')
      .replace(/^\[|\]$/g, '');
    return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  });
}
