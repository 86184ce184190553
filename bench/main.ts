// npm run bench -- NAME [--json] [--write] [--events N] [--rounds N] …: measures in one run, names the machine, ends with one JSON line
// under --json, and writes its section of docs/performance.md under --write.
import { projectRoot } from '../libs/stack/service-process.js';
import { writeFigures } from './figures.js';
import type { BenchResult, Say } from './measure.js';
import { recordResult, shown } from './record.js';

type Bench = (say: Say) => Promise<BenchResult>;

// Loaded when named: what a bench does depends on the environment, which the flags below set first.
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  ingest: async () => (await import('./ingest.js')).benchIngest,
  metering: async () => (await import('./metering.js')).benchMetering,
  streams: async () => (await import('./streams.js')).benchStreams,
  chain: async () => (await import('./chain.js')).benchChain,
  freshness: async () => (await import('./freshness.js')).benchFreshness,
  quota: async () => (await import('./quota.js')).benchQuota,
  abuse: async () => (await import('./abuse.js')).benchAbuse,
  steady: async () => (await import('./steady.js')).benchSteady,
  'billing-run': async () => (await import('./billing-run.js')).benchBillingRun,
};

const [name = '', ...flags] = process.argv.slice(2);
const write = (line: string): void => void process.stdout.write(`${line}\n`);
const load = BENCHES[name];
const isJson = take('--json');
const isWritten = take('--write');
if (!load || !setSizes(flags)) {
  const sizes =
    '[--events N] [--rounds N] [--organizations N] [--partitions N] [--keys N] [--minutes N] [--seconds N]';
  write(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json] [--write] ${sizes}`);
  process.exit(2);
}
const bench = await load();
const result = await bench(write);
write(`machine: ${result.machine}`);
for (const [what, value] of Object.entries(result.figures)) write(`${what}: ${shown(value)}`);
for (const [what, value] of Object.entries(result.ratios)) write(`${what}: ${shown(value)}`);
const command = ['npm run bench --', name, ...flags].join(' ');
if (isWritten) {
  recordResult(projectRoot(), result, command);
  writeFigures(projectRoot());
}
if (isJson) write(JSON.stringify(result));

function take(flag: string): boolean {
  const at = flags.indexOf(flag);
  if (at >= 0) flags.splice(at, 1);
  return at >= 0;
}

// `--events 1000` is BENCH_EVENTS=1000; false when a flag is no flag or has no number.
function setSizes(all: readonly string[]): boolean {
  for (let at = 0; at < all.length; at += 2) {
    const [flag = '', value = ''] = all.slice(at, at + 2);
    if (!/^--[a-z]+$/.test(flag) || !/^\d+$/.test(value)) return false;
    process.env[`BENCH_${flag.slice(2).toUpperCase()}`] = value;
  }
  return true;
}
