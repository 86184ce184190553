// The OpenAI and Groq SDKs from npm and PyPI against this gateway with a real quota service behind it: do they back off as they
// should? npm run check:sdks [-- --docs]. Needs npm, python3 with venv, and a network for both; everything else is local.
// --docs writes docs/sdk-check.md.
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const cli = join(root, 'dist/apps/cli/main.js');
const dir = mkdtempSync(join(tmpdir(), 'meterbook-sdks-'));
// Postgres runs as another user where this one is root.
chmodSync(dir, 0o755);
const home = join(dir, 'home');
const say = (text) => process.stdout.write(`${text}\n`);

const PRICES =
  'prices: { on_demand: { input: "1", cached_input: "0.5", output: "2" } }, max_output_tokens: 1000';
const CATALOG = `version: sdk-check
effective_from: 2026-01-01T00:00:00Z
currency: USD
models:
  check-open: { ${PRICES} }
  check-minute: { ${PRICES} }
  check-day: { ${PRICES} }
  check-large: { ${PRICES} }
tiers:
  developer:
    monthly_fee: "0"
    usage: metered
    features: []
    limits:
      check-open: { requests_per_minute: 1000, tokens_per_minute: 1000000 }
      check-minute: { requests_per_minute: 30 }
      check-day: { requests_per_day: 2 }
      check-large: { tokens_per_minute: 1000 }
`;
const SDKS = [
  { name: 'openai', language: 'js', profile: 'openai', path: '/v1' },
  { name: 'openai', language: 'py', profile: 'openai', path: '/v1' },
  { name: 'groq', language: 'js', profile: 'groq', path: '' },
  { name: 'groq', language: 'py', profile: 'groq', path: '' },
].map((sdk) => ({
  ...sdk,
  title: `${sdk.name}-${sdk.language}`,
  id: `${sdk.name}_${sdk.language}`,
}));

/** What each scenario must look like: the status that the SDK's user sees, its attempts, and the least wait in ms. */
const expected = (profile) => ({
  plain: { status: 200, attempts: 1 },
  stream: { status: 200, attempts: 1 },
  minute: { status: 200, attempts: 2, leastMs: 1_500 },
  day: { status: 429, attempts: 1, code: 'rate_limit_exceeded' },
  large: { status: 413, attempts: 1, code: 'rate_limit_exceeded' },
  spend:
    profile === 'groq'
      ? { status: 400, attempts: 1, code: 'blocked_api_access' }
      : { status: 429, attempts: 1, code: 'organization_spend_limit_exceeded' },
});

const children = [];
const lines = [];
try {
  const versions = install();
  const stack = await openStack();
  const gateway = await openGateway(stack);
  const rows = [];
  for (const sdk of SDKS) rows.push(...(await check(sdk, gateway)));
  const left = await checkLeaving(gateway);
  const settled = await checkUsage(stack);
  report(rows, versions, { ...settled, isAsWanted: settled.isAsWanted && left });
} finally {
  for (const child of children) child.kill('SIGTERM');
  run(process.execPath, [cli, 'down', '--home', home]);
  rmSync(dir, { recursive: true, force: true });
}

function install() {
  say('installing openai and groq-sdk from npm, openai and groq from PyPI');
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'openai', 'groq-sdk']);
  run('python3', ['-m', 'venv', 'venv']);
  run(join(dir, 'venv/bin/pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    'openai',
    'groq',
  ]);
  copyFileSync(join(here, 'sdk-check.mjs'), join(dir, 'sdk-check.mjs'));
  const ofNpm = (name) =>
    JSON.parse(readFileSync(join(dir, 'node_modules', name, 'package.json'), 'utf8')).version;
  const ofPip = (name) => /Version: (\S+)/.exec(run(join(dir, 'venv/bin/pip'), ['show', name]))[1];
  return {
    'openai-js': ofNpm('openai'),
    'groq-js': ofNpm('groq-sdk'),
    'openai-py': ofPip('openai'),
    'groq-py': ofPip('groq'),
  };
}

async function openStack() {
  say('starting Meterbook');
  run(process.execPath, [cli, 'up', '--free-ports', '--detach', '--no-catalog', '--home', home]);
  const endpoints = JSON.parse(readFileSync(join(home, 'endpoints.json'), 'utf8'));
  const key = readFileSync(join(home, 'admin-key'), 'utf8').trim();
  const ask = asker(key);
  await ask('POST', `${endpoints.ingest}/v1/catalog`, CATALOG, 'application/yaml');
  for (const { id, profile } of SDKS)
    for (const [suffix, limit] of [
      ['', null],
      ['_poor', '0.000001'],
    ]) {
      const url = `${endpoints.ingest}/v1/organizations/org_${id}${suffix}`;
      await ask('PUT', url, { name: id, currency: 'USD', tier: 'developer', profile });
      if (limit)
        await ask('PUT', `${url}/spend-limit`, { amount: limit, mode: 'hard', alerts: [] });
    }
  return { endpoints, key, ask };
}

async function openGateway({ endpoints, key }) {
  const [modelPort, port] = [await freePort(), await freePort()];
  start('model.mjs', { PORT: modelPort });
  const customers = Object.fromEntries(
    SDKS.flatMap(({ id }) =>
      ['', '_poor'].map((suffix) => [`sk-${id}${suffix}`, `org_${id}${suffix}`]),
    ),
  );
  const gateway = start('gateway.mjs', {
    PORT: port,
    QUOTA_URL: endpoints.quota,
    INGEST_URL: endpoints.ingest,
    METERBOOK_KEY: key,
    UPSTREAM_URL: `http://127.0.0.1:${modelPort}`,
    CUSTOMERS: JSON.stringify(customers),
    EXTEND_EVERY_MS: 10,
  });
  let rest = '';
  gateway.stdout.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    lines.push(...parts.map((line) => JSON.parse(line)));
  });
  const url = `http://127.0.0.1:${port}`;
  for (const { id } of SDKS) await untilAdmitted(url, `sk-${id}`);
  return url;
}

/** One SDK through all scenarios; the bucket of `minute` and of `day` is emptied right before. */
async function check(sdk, url) {
  const { id, name, language, path, profile, title } = sdk;
  const command = language === 'js' ? process.execPath : join(dir, 'venv/bin/python');
  const script = language === 'js' ? 'sdk-check.mjs' : join(here, 'sdk_check.py');
  const given = [script, name, `${url}${path}`, `sk-${id}`, `sk-${id}_poor`];
  const child = spawn(command, given, { cwd: dir, stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const rows = [];
  for (const [scenario, wanted] of Object.entries(expected(profile))) {
    const drained = { minute: 30, day: 2 }[scenario] ?? 0;
    const asks = Array.from({ length: drained }, () => post(url, `sk-${id}`, `check-${scenario}`));
    await Promise.all(asks);
    child.stdin.write('\n');
    const { value, done } = await answers.next();
    if (done) throw new Error(`${title} ended before ${scenario}`);
    rows.push(compare(sdk, wanted, JSON.parse(value)));
  }
  return rows;
}

function compare({ title, profile }, wanted, seen) {
  const tries = lines.filter(
    ({ request, attempt }) => request === `${title} ${seen.scenario}` && attempt !== undefined,
  );
  const found = {
    status: seen.status,
    attempts: tries.length,
    ...(wanted.code && { code: seen.code }),
  };
  const isAsWanted =
    Object.entries(found).every(([what, value]) => value === wanted[what]) &&
    seen.ms >= (wanted.leastMs ?? 0);
  const shown = JSON.stringify({ ...found, ms: seen.ms });
  say(`${isAsWanted ? 'ok  ' : 'FAIL'} ${title} ${seen.scenario}: ${shown}`);
  return { title, profile, ...seen, ...found, isAsWanted };
}

/** A client that leaves in mid-stream pays for what was made until then; extensions are accepted on the way. */
async function checkLeaving(url) {
  const leaving = new AbortController();
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer sk-${SDKS[0].id}`, 'x-check': 'leaving' },
    body: JSON.stringify({ model: 'check-open', messages: [], stream: true }),
    signal: leaving.signal,
  });
  const reader = answer.body.getReader();
  for (let chunk = 0; chunk < 5; chunk += 1) await reader.read();
  leaving.abort();
  await reader.read().catch(() => undefined);
  const found = await until(() =>
    lines.find(({ request, settled }) => settled && request === 'leaving'),
  );
  const made = found?.usage.completion_tokens ?? 0;
  const extensions = lines.filter(({ extended }) => extended);
  const isAsWanted =
    found?.outcome === 'aborted' &&
    made > 0 &&
    made < 40 &&
    extensions.length > 0 &&
    extensions.every(({ status }) => status === 200);
  say(
    `${isAsWanted ? 'ok  ' : 'FAIL'} a client that leaves: ${found?.outcome}, ${made} tokens; ${extensions.length} extensions accepted`,
  );
  return isAsWanted;
}

async function until(find) {
  for (let turn = 0; turn < 100; turn += 1) {
    const found = find();
    if (found) return found;
    await wait(50);
  }
  return undefined;
}

/** Every admitted request was settled by its event: quota holds nothing, and metering counted what the gateway reported. */
async function checkUsage({ endpoints, ask }) {
  const reported = lines.filter(({ settled }) => settled);
  const positions = {};
  for (const { positions: told } of reported)
    for (const [partition, offset] of Object.entries(told ?? {}))
      positions[partition] = Math.max(positions[partition] ?? 0, offset);
  const atLeast = Object.entries(positions).map(
    ([partition, offset]) => `usage.recorded:${partition}:${offset}`,
  );
  let [counted, held] = [0, []];
  for (const { id } of SDKS) {
    const query = new URLSearchParams({ at_least: atLeast.join(','), wait_ms: '20000' });
    const usage = `${endpoints.metering}/v1/usage?organization=org_${id}&from=2026-01-01T00:00:00Z&to=2099-01-01T00:00:00Z&${query}`;
    for (const { requests } of (await ask('GET', usage)).data) counted += requests;
    const spend = await ask('GET', `${endpoints.quota}/v1/organizations/org_${id}/spend?${query}`);
    if (spend.held_exact !== '0') held.push(`org_${id} holds ${spend.held_exact}`);
  }
  const isAsWanted = counted === reported.length && held.length === 0;
  say(
    `${isAsWanted ? 'ok  ' : 'FAIL'} ${reported.length} requests reported, ${counted} counted, ${held.join(', ') || 'nothing held'}`,
  );
  return { isAsWanted, reported: reported.length, counted };
}

function report(rows, versions, settled) {
  const failed = rows.filter(({ isAsWanted }) => !isAsWanted).length + (settled.isAsWanted ? 0 : 1);
  if (process.argv.includes('--docs'))
    writeFileSync(join(root, 'docs/sdk-check.md'), page(rows, versions, settled));
  say(failed === 0 ? 'every SDK backs off as it should' : `${failed} checks failed`);
  if (failed > 0) process.exitCode = 1;
}

function page(rows, versions, { reported, counted }) {
  const table = rows.map(
    ({ title, scenario, status, code, attempts, ms }) =>
      `| ${title} ${versions[title]} | ${scenario} | ${status} | ${code ?? ''} | ${attempts} | ${ms} |`,
  );
  return `# What the SDKs do with our answers

Written by \`npm run check:sdks -- --docs\` (examples/gateway/check.mjs) on ${new Date().toISOString().slice(0, 10)}: the SDKs as npm and PyPI serve them, with their own settings
(two retries), against the example gateway and a real quota service. \`attempts\` are counted by the gateway.

| scenario | what happens | what must be seen |
| --- | --- | --- |
| plain, stream | there is room | an answer at the first attempt |
| minute | 30 requests a minute, all used: room in at most 2 s | the SDK waits as \`retry-after-ms\` says and then gets its answer |
| day | 2 requests a day, both used: room in 12 h | the error at once: \`x-should-retry: false\` |
| large | 5,000 tokens asked of a limit of 1,000 a minute | 413 at once |
| spend | a hard spend limit is reached | 400 (groq) or 429 (openai) at once, without \`retry-after\` |

| SDK | scenario | status | code | attempts | ms |
| --- | --- | --- | --- | --- | --- |
${table.join('\n')}

Of ${reported} requests that the gateway reported ${counted} were counted, and nothing stayed held.
`;
}

function asker(key) {
  return async (method, url, body, type = 'application/json') => {
    const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': type }) };
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const answer = await fetch(url, { method, headers, ...(text && { body: text }) });
    const found = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${found}`);
    return found === '' ? undefined : JSON.parse(found);
  };
}

async function post(url, key, model) {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'x' }], max_tokens: 1 });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
  await answer.text();
  return answer.status;
}

// The account's facts travel through the log.
async function untilAdmitted(url, key) {
  for (let turn = 0; turn < 200; turn += 1) {
    const status = await post(url, key, 'check-open').catch(() => 0);
    if (status === 200) return;
    await wait(100);
  }
  throw new Error(`${key} was never admitted: ${JSON.stringify(lines.slice(-3))}`);
}

function start(script, env) {
  const child = spawn(process.execPath, [join(here, script)], {
    env: {
      PATH: process.env.PATH,
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

function run(command, given) {
  mkdirSync(dir, { recursive: true });
  return execFileSync(command, given, {
    cwd: dir,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
