// Quota with its peers for one bench: a catalog without narrow limits, a gateway's key, and as many organizations as are asked for.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { endProcess, pause, startChild } from '../libs/stack/children.js';
import { freePort } from '../libs/stack/ports.js';
import { nodeBinary, projectRoot, untilServiceReady } from '../libs/stack/service-process.js';
import type { Stand, StandService } from './stand.js';

export const MODEL = 'bench-model';

const LIMITS = JSON.stringify({
  requests_per_minute: 1e9,
  requests_per_day: 1e12,
  tokens_per_minute: 1e12,
  tokens_per_day: 1e15,
});
const CATALOG = `version: bench
effective_from: 2026-01-01T00:00:00Z
currency: USD
models:
  ${MODEL}: { prices: { on_demand: { input: "0.05", cached_input: "0.025", output: "0.08", reasoning: "0.08" } } }
tiers:
  developer: { monthly_fee: "0", usage: metered, features: [], limits: { ${MODEL}: ${LIMITS} } }
`;

export interface QuotaStand {
  readonly quota: StandService;
  /** A key of a gateway: quota:reserve, bound to no organization. */
  readonly key: string;
  readonly databaseUrl: string;
  readonly postgresPid: number;
  /** A server of bench/quota-peer.ts. */
  peer(check: string, env?: Readonly<Record<string, string>>): Promise<StandService>;
  /** Makes organizations `org_bench_0` to `count − 1`, with all the rows that one has after its first check. */
  fill(count: number): Promise<void>;
  /** Resident memory of quota's process, MiB. */
  memory(): number;
  close(): Promise<void>;
}

/** Ingest runs along: it is where the catalog, the first organization and the key come from. */
export async function openQuotaStand(stand: Stand): Promise<QuotaStand> {
  const ingest = await stand.service('ingest');
  // QUOTA_NODE_OPTIONS="--cpu-prof --cpu-prof-dir=DIR" writes a profile.
  const options = process.env['QUOTA_NODE_OPTIONS'];
  const quota = await stand.service('quota', options ? { NODE_OPTIONS: options } : {});
  const dir = mkdtempSync(join(tmpdir(), 'meterbook-peers-'));
  const peers: StandService[] = [];
  const ask = askerOf(ingest.url, stand.adminKey);
  await ask('POST', '/v1/catalog', CATALOG, 'application/yaml');
  const profile = { name: 'Bench', currency: 'USD', tier: 'developer', profile: 'groq' };
  await ask('PUT', '/v1/organizations/org_bench_0', JSON.stringify(profile));
  const made = await ask(
    'POST',
    '/v1/api-keys',
    JSON.stringify({ name: 'gateway', scopes: ['quota:reserve'] }),
  );
  const databaseUrl = await stand.database('meterbook_quota');
  const { key } = JSON.parse(made) as { key: string };
  await untilAdmitted(quota.url, key);
  return {
    quota,
    key,
    databaseUrl,
    postgresPid: stand.pids.postgres,
    peer: async (check, env = {}) => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const logFile = join(dir, `${check}.log`);
      const child = startChild({
        command: nodeBinary(),
        args: ['--enable-source-maps', join(projectRoot(), 'dist/bench/quota-peer.js')],
        logFile,
        env: {
          PATH: process.env['PATH'],
          NODE_ENV: 'production',
          PORT: String(port),
          CHECK: check,
          MB_ADMIN_KEY: stand.adminKey,
          DATABASE_URL: databaseUrl,
          PEER_DATABASE_URL: await stand.database('bench_peer'),
          ...env,
        },
      });
      const pid = child.pid as number;
      const service = { url, pid, stop: async (): Promise<void> => endProcess(pid) };
      peers.push(service);
      await untilServiceReady(url, pid, logFile);
      return service;
    },
    fill: async (count) => fill(databaseUrl, count),
    memory: () => residentMiB(quota.pid),
    close: async () => {
      await Promise.all(peers.map(async (peer) => peer.stop()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Starts Redis without persistence; undefined when the machine has none (Debian: apt-get install redis-server). */
export async function openRedis(): Promise<{ port: number; stop(): Promise<void> } | undefined> {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'meterbook-redis-'));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const logFile = join(dir, 'redis.log');
  const child = startChild({ command: 'redis-server', args, logFile, cwd: dir });
  await pause(500);
  return {
    port,
    stop: async () => {
      await endProcess(child.pid as number);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The body of the n-th check; `organization` draws whose it is. */
export function checkBody(run: string, n: number, organization: number): string {
  return JSON.stringify({
    request_id: `${run}-${n}`,
    organization: `org_bench_${organization}`,
    model: MODEL,
    input_tokens: 300,
    max_output_tokens: 600,
    ttl_seconds: 600,
  });
}

function askerOf(base: string, key: string) {
  return async (method: string, path: string, body: string, type = 'application/json') => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': type };
    const answer = await fetch(base + path, { method, headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text;
  };
}

// Facts travel through the log: the first check is admitted once quota has read them.
async function untilAdmitted(url: string, key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const end = performance.now() + 30_000;
  for (let turn = 0; ; turn += 1) {
    const body = checkBody('first', turn, 0);
    const answer = await fetch(`${url}/v1/reservations`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (answer.status === 201) return;
    if (performance.now() > end) throw new Error(`quota answers ${answer.status}: ${text}`);
    await pause(100);
  }
}

// Copies the rows of the first organization: whatever a check reads and writes is there for each of them.
async function fill(databaseUrl: string, count: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO account SELECT 'org_bench_' || n,
         jsonb_set(state, '{id}', to_jsonb('org_bench_' || n)), fact_id
       FROM account, generate_series(1, $1::int - 1) AS n WHERE id = 'org_bench_0'
       ON CONFLICT DO NOTHING`,
      [count],
    );
    // Nothing is held by them: no sweep has a million organizations to look at.
    const none = { held: 0, next_expiry: null };
    for (const [table, change] of [['admission', none] as const, ['admission_bucket', {}] as const])
      await client.query(
        `INSERT INTO ${table} SELECT (jsonb_populate_record(one,
           jsonb_build_object('organization', 'org_bench_' || n) || $2::jsonb)).*
         FROM ${table} AS one, generate_series(1, $1::int - 1) AS n
         WHERE organization = 'org_bench_0' ON CONFLICT DO NOTHING`,
        [count, JSON.stringify(change)],
      );
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1_024;
}
