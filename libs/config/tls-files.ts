// Certificates and keys, named by variables of the environment. A fault names the variable, never what is in the file.
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigurationError, type Environment } from './environment.js';

/** How a file of the environment is read as text; a spec gives its own. */
export type ReadText = (path: string) => string;

/** PEM texts; a certificate is never without its key. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export const TLS_PARTS = ['CA', 'CERT', 'KEY'] as const;

export const readText: ReadText = (path) => readFileSync(path, 'utf8');

/** Reads PREFIX_CA_FILE, PREFIX_CERT_FILE and PREFIX_KEY_FILE, each optional; throws ConfigurationError that names the variable. */
export function tlsFiles(env: Environment, prefix: string, read: ReadText = readText): TlsFiles {
  const [ca, cert, key] = TLS_PARTS.map((part) => pemOf(env, `${prefix}_${part}_FILE`, read));
  if ((cert === undefined) !== (key === undefined)) {
    const [there, absent] = cert === undefined ? ['KEY', 'CERT'] : ['CERT', 'KEY'];
    throw new ConfigurationError(`${prefix}_${there}_FILE needs ${prefix}_${absent}_FILE`);
  }
  const authority = ca === undefined ? {} : { ca };
  if (cert === undefined || key === undefined) return authority;
  assertPair(prefix, cert, key);
  return { ...authority, cert, key };
}

function assertPair(prefix: string, cert: string, key: string): void {
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new ConfigurationError(
      `${prefix}_CERT_FILE and ${prefix}_KEY_FILE are not a certificate and its key: ${(error as Error).message}`,
    );
  }
}

function pemOf(env: Environment, name: string, read: ReadText): string | undefined {
  const text = textOfFile(env, name, read);
  if (text !== undefined && !/-----BEGIN [A-Z ]+-----/.test(text))
    throw new ConfigurationError(`${name} is not a PEM file`);
  return text;
}

/** The text of the file that a variable names; undefined where it is not set. Throws ConfigurationError when it cannot be read. */
export function textOfFile(env: Environment, name: string, read: ReadText): string | undefined {
  const path = env.optional(name);
  if (path === undefined) return undefined;
  try {
    return read(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(`${name} cannot be read: ${code ?? 'unknown'} (${path})`);
  }
}

/** Throws ConfigurationError when one of the variables is set: without what it needs it would be ignored. */
export function refuseIgnored(env: Environment, names: readonly string[], needed: string): void {
  for (const name of names)
    if (env.optional(name) !== undefined)
      throw new ConfigurationError(`${name} needs ${needed}, or it would be ignored`);
}
