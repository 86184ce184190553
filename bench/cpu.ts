// CPU seconds of a process and all that it started, from /proc: on a machine that others use too, the cost of an event in CPU holds
// where events a second do not. Linux only; elsewhere every figure is NaN.
import { readdirSync, readFileSync } from 'node:fs';

// USER_HZ is 100 on every Linux that Node runs on.
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  readonly parent: number;
  /** Own and of children that have ended and were waited for, in ticks. */
  readonly ticks: number;
}

/** User and system time of a process, its living descendants and those that have ended, seconds. */
export function cpuSeconds(root: number): number {
  const all = readAll();
  if (!all.has(root)) return Number.NaN;
  const children = Map.groupBy(all.keys(), (pid) => all.get(pid)?.parent ?? 0);
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce(
      (ticks, child) => ticks + sum(child),
      all.get(pid)?.ticks ?? 0,
    );
  return sum(root) / TICKS_PER_SECOND;
}

/** The same names, other numbers. */
export function mapValues<Name extends string>(
  record: Readonly<Record<Name, number>>,
  map: (value: number, name: Name) => number,
): Record<Name, number> {
  const entries = (Object.keys(record) as Name[]).map((name) => [name, map(record[name], name)]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

function readAll(): Map<number, ProcessTimes> {
  const found = new Map<number, ProcessTimes>();
  for (const name of pidsOf()) {
    const times = readTimes(name);
    if (times) found.set(Number(name), times);
  }
  return found;
}

function pidsOf(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function readTimes(pid: string): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name, which may hold anything: state, parent, …; utime to cstime are the 12th to 15th from there.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), ticks };
  } catch {
    return undefined;
  }
}
