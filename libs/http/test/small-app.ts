// An application around one controller, for the specs of what the platform does to any route.
import { Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger } from '../../telemetry/logger.js';
import { Metrics } from '../../telemetry/metrics.js';
import { newApiKey } from '../api-key.js';
import { createApp } from '../app.js';
import { authProviders } from '../auth.js';
import { KeyDirectory, type StoredKey } from '../keys.js';

export interface SmallApp {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly adminKey: string;
  /** Of org_a, with the scope usage:read. */
  readonly readerKey: string;
  /** What was logged, a line each. */
  readonly lines: string[];
  /** Asks with the admin key, another key, or none. */
  ask(path: string, init?: RequestInit & { key?: string | null }): Promise<Response>;
}

@Module({})
class Anywhere {}

/** Listens on a free port of 127.0.0.1. */
export async function startSmallApp(...controllers: Type[]): Promise<SmallApp> {
  const [admin, reader] = [newApiKey(), newApiKey()];
  const stored: StoredKey = {
    id: reader.id,
    hash: reader.hash,
    organization: 'org_a',
    scopes: ['usage:read'],
    expiresAt: null,
    revokedAt: null,
  };
  const find = async (id: string): Promise<StoredKey | undefined> =>
    id === reader.id ? stored : undefined;
  const providers = [
    ...authProviders(admin.key, Date.now),
    { provide: KeyDirectory, useValue: { find } },
  ];
  const lines: string[] = [];
  const logger = createLogger('test', 'info', { write: (line) => lines.push(line) });
  const module = { module: Anywhere, controllers, providers };
  const app = await createApp(module, { name: 'test', logger, metrics: new Metrics('test') });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    url,
    adminKey: admin.key,
    readerKey: reader.key,
    lines,
    ask: async (path, { key = admin.key, headers, ...init } = {}) => {
      const authorization = key === null ? {} : { authorization: `Bearer ${key}` };
      return fetch(url + path, { ...init, headers: { ...authorization, ...(headers as object) } });
    },
  };
}

/** The status, the problem's code and where its faults are: `[400, 'invalid_request', '?limit invalid_value']`. */
export async function refusalOf(answer: Response): Promise<unknown[]> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const { code, errors } = (await answer.json()) as {
    code: string;
    errors: { pointer: string; code: string }[];
  };
  return [answer.status, code, ...errors.map((error) => `${error.pointer} ${error.code}`)];
}
