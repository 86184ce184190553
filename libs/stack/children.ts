// Child processes of the local stack. Only processes that this file started, or whose pid and start time a home file holds, are ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, closeSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** stdout and stderr are appended here. */
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** True: the child outlives this process. */
  readonly detached?: boolean;
}

/** Starts a child whose output goes to a file, so that it never blocks on a pipe nobody reads. */
export function startChild(options: ChildOptions): ChildProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  try {
    const child = spawn(options.command, [...options.args], {
      stdio: ['ignore', log, log],
      detached: options.detached ?? false,
      ...(options.env && { env: options.env }),
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.uid !== undefined && { uid: options.uid, gid: options.gid ?? options.uid }),
    });
    if (options.detached) child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** True while the process exists and is not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform === 'linux')
      return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

/** The kernel's start time of a process, to tell it from a later one with the same pid; null where /proc is missing. */
export function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Asks a process to end, waits, and kills it when the grace is over. Resolves when it is gone. */
export async function endProcess(
  pid: number,
  signal: NodeJS.Signals = 'SIGTERM',
  graceMs = 15_000,
): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, signal);
  const deadline = performance.now() + graceMs;
  while (isAlive(pid)) {
    if (performance.now() > deadline) {
      process.kill(pid, 'SIGKILL');
      return;
    }
    await pause(20);
  }
}

export async function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
