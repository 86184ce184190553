// A running stack with real data, and a real Chromium in front of it.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { pause } from '#libs/stack/children.js';
import { Home } from '#libs/stack/home.js';
import { type RunningStack, startStack } from '#libs/stack/stack.js';

export const ORGANIZATION = 'org_console';
const PATHS = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'];

export interface Reader {
  readonly language: 'en' | 'ar';
  readonly theme: 'light' | 'dark';
  readonly width?: number;
}

export const ENGLISH: Reader = { language: 'en', theme: 'light' };
/** On a busy machine a page takes seconds. */
const PATIENCE_MS = 10_000;

export interface Stand {
  readonly edge: string;
  /** Of the organization, for the sign-in form. */
  readonly key: string;
  readonly stack: RunningStack;
  /** The body of a route as the edge gives it to the organization's key. */
  read(path: string): Promise<Record<string, unknown>>;
  /** A request with a key, by default the operator's; throws unless it is answered with success. */
  call: Call;
  /** Sends usage, of the organization unless it says another: one event an entry. */
  send(events: readonly SentUsage[]): Promise<void>;
  /** A context of its own: no cookie, the reader's language and theme. */
  open(reader: Reader): Promise<BrowserContext>;
  signIn(page: Page, key?: string): Promise<void>;
  /** Signs in with a key that is right, and waits for the dashboard. */
  enter(page: Page, key?: string): Promise<void>;
  /** A page of a reader who is signed in, by default in English and light colours. */
  visit(key?: string, reader?: Reader): Promise<Page>;
  stop(): Promise<void>;
}

export interface SentUsage {
  readonly organization?: string;
  readonly at: number;
  readonly model: string;
  readonly tokens: Readonly<Record<string, number>>;
}

export async function openStand(): Promise<Stand> {
  const executablePath = PATHS.find((path) => path !== '' && existsSync(path));
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or set CHROMIUM');
  const dir = mkdtempSync(join(tmpdir(), 'meterbook-console-'));
  // Postgres runs as a user of its own when the specs run as root, and must reach its folder.
  chmodSync(dir, 0o755);
  const home = new Home(join(dir, 'home'));
  const stack = await startStack({ home, kafka: false, freePorts: true, onStep: () => undefined });
  const edge = stack.endpoints.edge ?? '';
  const call: Call = async (method, path, body, as = stack.adminKey) =>
    request({ edge, key: as, method, path, body });
  await publish(call);
  const key = await register(call);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const events = sender(call);
  const enter: Stand['enter'] = async (page, typed = key) => {
    await signIn(page, edge, typed);
    await page.locator('h1.plan').waitFor();
  };
  const now = Date.now();
  await events([
    ...Array.from({ length: 40 }, (_, index) => usage(now - index * 6 * 3_600_000, index)),
    usage(now - 5_000, 1),
  ]);
  return {
    edge,
    key,
    stack,
    read: async (path) => call('GET', path, undefined, key),
    call,
    send: events,
    open: async (reader) => openContext(browser, edge, reader),
    signIn: async (page, typed = key) => signIn(page, edge, typed),
    enter,
    visit: async (typed = key, reader = ENGLISH) => {
      const page = await (await openContext(browser, edge, reader)).newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await enter(page, typed);
      return page;
    },
    stop: async () => {
      await browser.close();
      await stack.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function usage(at: number, index: number): SentUsage {
  const model = index % 3 === 0 ? 'openai/gpt-oss-120b' : 'llama-3.3-70b-versatile';
  return { at, model, tokens: { input: 1_200 + index, cached_input: 300, output: 400 } };
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  key?: string,
) => Promise<Record<string, unknown>>;

interface Asked {
  readonly edge: string;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function request({ edge, key, method, path, body }: Asked): ReturnType<Call> {
  const isText = typeof body === 'string';
  const headers: Record<string, string> = { authorization: `Bearer ${key}` };
  if (body !== undefined)
    headers['content-type'] = isText ? 'application/yaml' : 'application/json';
  if (Array.isArray(body)) headers['content-type'] = 'application/cloudevents-batch+json';
  if (method === 'POST') headers['idempotency-key'] = crypto.randomUUID();
  const answer = await fetch(`${edge}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

async function publish(call: Call): Promise<void> {
  const root = join(import.meta.dirname, '..', '..', '..');
  await call('POST', '/v1/catalog', readFileSync(join(root, 'catalog', 'groq.yaml'), 'utf8'));
  for (let tries = 0; tries < 200; tries += 1) {
    const isThere = await call('GET', '/.well-known/inference-limits.json').then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await pause(50);
  }
  throw new Error('the catalog did not arrive at quota');
}

async function register(call: Call): Promise<string> {
  const account = `/v1/organizations/${ORGANIZATION}`;
  const named = { name: 'Harbour Assistants', currency: 'USD', tier: 'free', profile: 'groq' };
  await call('PUT', account, { ...named, legal_name: 'Harbour Assistants Ltd' });
  await call('PUT', `${account}/spend-limit`, { amount: '50.00', mode: 'hard', alerts: [50, 80] });
  await call('POST', `${account}/credits`, { amount: '5.00', note: 'Welcome' });
  const made = await call('POST', `${account}/api-keys`, { name: 'Console', scopes: ['admin'] });
  return String(made['key']);
}

function sender(call: Call): Stand['send'] {
  let sent = 0;
  return async (events) => {
    const batch = events.map(({ organization, at, model, tokens }) => ({
      specversion: '1.0',
      type: 'dev.meterbook.usage.v1',
      source: '//console/node-1',
      id: `console-${(sent += 1)}`,
      subject: organization ?? ORGANIZATION,
      time: new Date(at).toISOString(),
      data: { model, project: sent % 2 === 0 ? 'chat' : null, service_tier: 'on_demand', tokens },
    }));
    for (let start = 0; start < batch.length; start += 5_000)
      await call('POST', '/v1/events', batch.slice(start, start + 5_000));
  };
}

async function openContext(browser: Browser, edge: string, reader: Reader) {
  const context = await browser.newContext({
    viewport: { width: reader.width ?? 1280, height: 900 },
    colorScheme: reader.theme,
    timezoneId: 'Europe/Berlin',
    baseURL: edge,
  });
  const { language, theme } = reader;
  await context.addInitScript(
    ([words, colours]) => {
      localStorage.setItem('meterbook.language', words ?? '');
      localStorage.setItem('meterbook.theme', colours ?? '');
    },
    [language, theme],
  );
  return context;
}

async function signIn(page: Page, edge: string, key: string): Promise<void> {
  await page.goto(`${edge}/signin`);
  await page.locator('input[name=key]').fill(key);
  await page.locator('button[type=submit]').click();
}
