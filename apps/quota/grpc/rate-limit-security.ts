// Where Envoy's door is and how it is closed to strangers, read from the environment.
import { ServerCredentials } from '@grpc/grpc-js';
import { ConfigurationError, type Environment } from '#libs/config/environment.js';
import {
  type ReadText,
  readText,
  refuseIgnored,
  TLS_PARTS,
  tlsFiles,
} from '#libs/config/tls-files.js';
import type { RateLimitAddress } from './rate-limit-server.js';

const TLS = 'QUOTA_GRPC_TLS';

/**
 * Reads QUOTA_GRPC_PORT; QUOTA_GRPC_TLS_CERT_FILE with QUOTA_GRPC_TLS_KEY_FILE, and QUOTA_GRPC_TLS_CA_FILE, with which only clients
 * that show a certificate of that authority are let in. undefined: the door stays shut. Throws ConfigurationError that names the
 * variable where one is missing, cannot be read, or would be ignored.
 */
export function rateLimitAddress(
  env: Environment,
  host: string,
  read: ReadText = readText,
): RateLimitAddress | undefined {
  // 0 is no port.
  const port = env.integer('QUOTA_GRPC_PORT', 0, 0, 65_535);
  if (port > 0) return { host, port, security: securityOf(env, read) };
  const names = TLS_PARTS.map((part) => `${TLS}_${part}_FILE`);
  refuseIgnored(env, names, 'QUOTA_GRPC_PORT');
  return undefined;
}

function securityOf(env: Environment, read: ReadText): ServerCredentials | undefined {
  const { ca, cert, key } = tlsFiles(env, TLS, read);
  if (cert === undefined || key === undefined) {
    if (ca === undefined) return undefined;
    throw new ConfigurationError(`${TLS}_CA_FILE needs ${TLS}_CERT_FILE`);
  }
  const pairs = [{ cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }];
  return ServerCredentials.createSsl(ca ? Buffer.from(ca) : null, pairs, ca !== undefined);
}
