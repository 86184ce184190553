// Another organization's objects, asked for by every route that the OpenAPI document of the edge has: a new route is swept by itself.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Home } from '#libs/stack/home.js';
import { type RunningStack, startStack } from '#libs/stack/stack.js';
import { publishShippedCatalog } from '../commands/up.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}
interface Operation {
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const SCOPES = 'usage:write quota:reserve usage:read billing:read billing:write ops'.split(' ');
/** What a route is asked for beside the organization. */
const VALUES: Readonly<Record<string, string>> = {
  from: '2026-11-01T00:00:00Z',
  to: '2026-12-01T00:00:00Z',
  start_time: '1793491200',
  period: '2026-11',
  source: '//eu-1/node',
};

let stack: RunningStack;
let document: OpenApi;
let key: string;
const dir = mkdtempSync(join(tmpdir(), 'meterbook-tenants-'));

async function ask(
  method: string,
  path: string,
  { as = stack.adminKey, body, headers = {} }: Asking = {},
): Promise<{ status: number; text: string; code: unknown }> {
  const answer = await fetch(`${stack.endpoints.edge}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${as}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isProblem = answer.headers.get('content-type')?.includes('problem+json') ?? false;
  const code = isProblem ? (JSON.parse(text) as { code: unknown }).code : undefined;
  return { status: answer.status, text, code };
}

interface Asking {
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

beforeAll(async () => {
  chmodSync(dir, 0o755);
  const home = new Home(join(dir, 'home'));
  stack = await startStack({ home, kafka: false, freePorts: true, onStep: () => undefined });
  await publishShippedCatalog(stack);
  const account = { name: 'x', currency: 'USD', tier: 'developer', profile: 'groq' };
  for (const id of ['org_own', 'org_other'])
    await ask('PUT', `/v1/organizations/${id}`, { body: account });
  const made = await ask('POST', '/v1/organizations/org_own/api-keys', {
    body: { name: 'sweep', scopes: SCOPES },
  });
  ({ key } = JSON.parse(made.text) as { key: string });
  await sendUsage('org_own');
  await sendUsage('org_other');
  document = JSON.parse((await ask('GET', '/openapi.json')).text) as OpenApi;
}, 180_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

/** One event, and waits until metering shows it. */
async function sendUsage(subject: string): Promise<void> {
  const event = {
    specversion: '1.0',
    type: 'dev.meterbook.usage.v1',
    source: VALUES['source'],
    id: `sweep-${subject}`,
    subject,
    time: new Date().toISOString(),
    data: { model: 'llama-3.3-70b-versatile', tokens: { input: 5 } },
  };
  const headers = { 'content-type': 'application/cloudevents+json' };
  const sent = await ask('POST', '/v1/events', { body: event, headers });
  const { positions } = JSON.parse(sent.text) as { positions: Record<string, number> };
  const seen = Object.entries(positions).map(([part, next]) => `usage.recorded:${part}:${next}`);
  const range = `from=2026-01-01T00:00:00Z&to=2036-01-01T00:00:00Z&at_least=${seen.join()}`;
  const read = await ask('GET', `/v1/usage?organization=${subject}&${range}&wait_ms=20000`);
  expect(read.status).toBe(200);
}

function keyed(): Route[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security }]) => (security ?? []).length > 0 && /^\/(v1|api)\//.test(path))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

const queryOf = ({ operation }: Route): string[] =>
  (operation.parameters ?? []).flatMap((one) => (one.in === 'query' ? [one.name] : []));

/** A value of a schema with what it needs, and the organization wherever one is named. */
function sample(schema: Schema = {}, name = '', who = ''): unknown {
  const named = schema.$ref?.slice(schema.$ref.lastIndexOf('/') + 1);
  if (named !== undefined) return sample(document.components?.schemas?.[named], name, who);
  if (/^(organization|subject)$/.test(name)) return who;
  if (name === 'organizations') return [who];
  if (VALUES[name] !== undefined) return VALUES[name];
  if (schema.enum) return schema.enum[0];
  const type = [schema.type].flat()[0];
  if (schema.properties) {
    const needed = Object.keys(schema.properties).filter(
      (one) => schema.required?.includes(one) || /^organizations?$/.test(one),
    );
    return Object.fromEntries(
      needed.map((one) => [one, sample(schema.properties?.[one], one, who)]),
    );
  }
  if (type === 'array') return [sample(schema.items, '', who)];
  if (type === 'object') return {};
  return type === 'integer' || type === 'number' ? 1 : '1';
}

/** Asks a route about an organization, wherever the route takes one. */
async function about(
  route: Route,
  who: string,
): Promise<{ status: number; text: string; code: unknown }> {
  const { method, path, operation } = route;
  const ofOrganization = path.replace('/organizations/{id}', `/organizations/${who}`);
  const url = ofOrganization.replaceAll(/\{\w+\}/g, '019a9c5e-1b2c-7d3e-8f40-123456789abc');
  const query = queryOf(route).flatMap((name) => {
    if (name === 'organization') return [`organization=${who}`];
    if (name === 'id') return [`id=sweep-${who}`];
    return VALUES[name] === undefined ? [] : [`${name}=${encodeURIComponent(VALUES[name])}`];
  });
  const schema = operation.requestBody?.content['application/json']?.schema;
  const asking = {
    as: key,
    headers: { 'openai-organization': who, 'idempotency-key': `sweep-${method}-${who}` },
    ...(operation.requestBody && { body: sample(schema, '', who) }),
  };
  return ask(method, query.length > 0 ? `${url}?${query.join('&')}` : url, asking);
}

const namesOne = (route: Route): boolean =>
  route.path.includes('/organizations/{id}') || queryOf(route).includes('organization');

describe('another organization', () => {
  it('is in no answer of any route, and looks as if it were not there', async () => {
    const routes = keyed();
    expect(routes.length).toBeGreaterThan(50);
    const wrong: unknown[] = [];
    for (const route of routes) {
      const [other, nobody] = [await about(route, 'org_other'), await about(route, 'org_nobody')];
      const name = `${route.method} ${route.path}`;
      if (namesOne(route) && other.status < 400) wrong.push([name, other.status, 'is answered']);
      if (other.status >= 500) wrong.push([name, other.status, other.text]);
      if (other.status !== nobody.status || other.code !== nobody.code)
        wrong.push([name, other.status, other.code, nobody.status, nobody.code]);
      if (other.status < 400 && other.text.includes('org_other')) wrong.push([name, other.text]);
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('is refused where the own one is answered, so that the sweep asks soundly', async () => {
    const asked = keyed().filter((route) => route.method === 'GET' && namesOne(route));
    expect(asked.length).toBeGreaterThan(10);
    const answered: string[] = [];
    for (const route of asked)
      if ((await about(route, 'org_own')).status === 200) answered.push(route.path);
    expect(answered.length).toBeGreaterThan(asked.length / 2);
  }, 60_000);
});
