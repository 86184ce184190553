// One service as a child process of the local stack, with its environment and the question whether it is ready.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive, pause, startChild } from './children.js';

/** The services that keep a projection of the log, each in a database of its own. */
export const DATA_SERVICES = ['ingest', 'metering', 'quota', 'invoicing'] as const;
export const SERVICES = [...DATA_SERVICES, 'edge'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The repository's root: this file runs as dist/libs/stack/*.js, or as libs/stack/*.ts under Jest. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Node of the version that the project asks for (npm package `node`), else the one that runs this. */
export function nodeBinary(): string {
  const own = join(projectRoot(), 'node_modules', 'node', 'bin', 'node');
  return existsSync(own) ? own : process.execPath;
}

/**
 * How every service is started, here, in package.json and in the image. V8's young generation may else grow to 96 MiB and more: with
 * 16 MiB a half a service is 90 MiB smaller under load and no slower.
 */
export const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=16'] as const;

export interface ServiceProcessOptions {
  readonly name: ServiceName;
  readonly port: number;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly detached?: boolean;
}

/** Starts `dist/apps/<name>/main.js`; gives its pid. Only the environment given here and PATH reach it. */
export function startService(options: ServiceProcessOptions): number {
  const main = join(projectRoot(), 'dist', 'apps', options.name, 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: run npm run build`);
  const child = startChild({
    command: nodeBinary(),
    args: [...NODE_FLAGS, main],
    logFile: options.logFile,
    detached: options.detached ?? false,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(options.port),
      ...options.env,
    },
  });
  if (child.pid === undefined) throw new Error(`cannot start ${options.name}`);
  return child.pid;
}

/** Resolves when `/health/ready` answers 200; rejects when the process ends or the time is over, naming its log. */
export async function untilServiceReady(
  url: string,
  pid: number,
  logFile: string,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let last = 'no answer yet';
  while (performance.now() < deadline) {
    if (!isAlive(pid))
      throw new Error(`the service at ${url} ended while starting, see ${logFile}`);
    try {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return;
      last = await answer.text();
    } catch (error) {
      last = String(error);
    }
    await pause(50);
  }
  throw new Error(
    `the service at ${url} is not ready after ${timeoutMs} ms: ${last} (log: ${logFile})`,
  );
}
