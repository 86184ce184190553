// npm run bench -- NAME [--json]: measures in one run, names the machine, ends with one JSON line under --json.
import type { BenchResult, Say } from './measure.js';
import { benchFreshness } from './freshness.js';
import { benchIngest } from './ingest.js';
import { benchMetering } from './metering.js';
import { benchQuota } from './quota.js';

const BENCHES: Readonly<Record<string, (say: Say) => Promise<BenchResult>>> = {
  ingest: benchIngest,
  metering: benchMetering,
  freshness: benchFreshness,
  quota: benchQuota,
};

const [name = '', ...flags] = process.argv.slice(2);
const isJson = flags.includes('--json');
const write = (line: string): void => void process.stdout.write(`${line}\n`);
const bench = BENCHES[name];
if (!bench) {
  write(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json]`);
  process.exit(2);
}
const result = await bench(write);
write(`machine: ${result.machine}`);
for (const [what, value] of Object.entries(result.figures)) write(`${what}: ${round(value)}`);
for (const [what, value] of Object.entries(result.ratios)) write(`${what}: ${round(value)}`);
if (isJson) write(JSON.stringify(result));

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
