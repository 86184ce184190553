// The home folder of a local stack (default `.meterbook/`): data, logs, endpoints, the admin key, and which processes are ours.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newApiKey } from '../http/api-key.js';
import { isAlive, startTimeOf } from './children.js';

/** What `endpoints.json` says; http-contract.md, "The local stack". Without Kafka that part is null. */
export interface Endpoints {
  readonly edge: string;
  readonly ingest: string;
  readonly metering: string;
  readonly quota: string;
  readonly invoicing: string;
  readonly database: string;
  readonly kafka: string | null;
  readonly pids: Readonly<Record<string, number>>;
}

interface OwnProcess {
  readonly name: string;
  readonly pid: number;
  /** The kernel's start time: a pid that was given to another process later has another one. */
  readonly startTime: string | null;
}

export class Home {
  readonly dir: string;

  /** `--home`, else METERBOOK_HOME, else `.meterbook` in the working folder. */
  constructor(dir?: string) {
    this.dir = resolve(dir ?? process.env['METERBOOK_HOME'] ?? '.meterbook');
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  create(): void {
    mkdirSync(this.dir, { recursive: true });
  }

  endpoints(): Endpoints | undefined {
    return this.read('endpoints.json') as Endpoints | undefined;
  }

  writeEndpoints(endpoints: Endpoints): void {
    this.write('endpoints.json', endpoints);
  }

  /** The admin key, made at first use and kept readable by the owner only. */
  adminKey(): { readonly key: string; readonly isNew: boolean } {
    const file = this.path('admin-key');
    if (existsSync(file)) return { key: readFileSync(file, 'utf8').trim(), isNew: false };
    const { key } = newApiKey();
    writeFileSync(file, `${key}\n`, { mode: 0o600 });
    return { key, isNew: true };
  }

  /** A random secret of 32 bytes as hex, made at first use and kept readable by the owner only. */
  secret(name: string): string {
    const file = this.path(name);
    if (!existsSync(file))
      writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    return readFileSync(file, 'utf8').trim();
  }

  /** Remembers a process that this home started. */
  own(name: string, pid: number): void {
    const others = this.processes().filter((known) => known.name !== name);
    this.write('processes.json', [...others, { name, pid, startTime: startTimeOf(pid) }]);
  }

  /** Those of our processes that still run, in the order they were started. */
  running(): OwnProcess[] {
    return this.processes().filter(
      ({ pid, startTime }) => isAlive(pid) && startTimeOf(pid) === startTime,
    );
  }

  forgetProcesses(): void {
    for (const file of ['processes.json', 'endpoints.json'])
      rmSync(this.path(file), { force: true });
  }

  wipe(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private processes(): OwnProcess[] {
    return (this.read('processes.json') ?? []) as OwnProcess[];
  }

  private read(file: string): unknown {
    const path = this.path(file);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : undefined;
  }

  // Written beside and renamed: a reader never sees half a file.
  private write(file: string, value: unknown): void {
    const path = this.path(file);
    writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}
