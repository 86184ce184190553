// Sends what nobody should send to every parameter and field that a service's OpenAPI document tells of, and lists what was not
// refused by name: an answer of 5xx, one that takes long, or a refusal that does not say which field it is about.
import {
  badTexts,
  badValues,
  LONG,
  type Node,
  NUL,
  RTL,
  sampleOf,
  textOf,
} from './sweep-values.js';

export interface SweepAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends a request with a key that may do everything. */
export type SweepAsk = (method: string, path: string, body?: unknown) => Promise<SweepAnswer>;

export interface SweepOptions {
  /** Routes that are left out, as `GET /v1/events`, with the reason where they are told. */
  readonly without?: readonly string[];
  /** Where a route with a path parameter is reached: `/v1/webhooks/{id}` → `/v1/webhooks/whk_1`; `x` for others. */
  readonly reached?: (path: string) => string;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Node;
}

/** Longer than any answer that looked at its input first. */
const SLOW_MS = 3_000;
/** Faults, each a line; `sent` is how many requests were made. */
export async function sweep(
  document: unknown,
  ask: SweepAsk,
  options: SweepOptions = {},
): Promise<{ readonly faults: string[]; readonly sent: number }> {
  const faults: string[] = [];
  let sent = 0;
  const check = async (trial: Trial): Promise<void> => {
    sent += 1;
    const start = performance.now();
    const answer = await ask(trial.method, trial.url, trial.body);
    const fault = faultOf(trial, answer, performance.now() - start);
    if (fault !== undefined) faults.push(`${trial.method} ${trial.what}: ${fault}`);
  };
  for (const route of routesOf(document as Node, options))
    for (const trial of trialsOf(document as Node, route, options)) await check(trial);
  return { faults, sent };
}

interface Trial {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  /** What is wrong, for a reader. */
  readonly what: string;
  /** The pointer that a refusal must name; undefined: any answer but a fault of ours will do. */
  readonly pointer?: string;
}

interface Named {
  readonly pointer?: string;
}

function faultOf({ pointer }: Trial, { status, body }: SweepAnswer, ms: number) {
  const { errors = [], code } = (body ?? {}) as { errors?: readonly Named[]; code?: string };
  // A spec may run a service without the others that it asks.
  if (status >= 500 && code !== 'service_not_configured') return `answers ${status} ${code}`;
  if (ms > SLOW_MS) return `takes ${Math.round(ms)} ms`;
  if (pointer === undefined) return undefined;
  const pointers = errors.map((one) => one.pointer ?? '');
  if (status < 400) return `is taken (${status})`;
  if (pointers.some((one) => one === pointer || one.startsWith(`${pointer}/`))) return undefined;
  return `is ${status} and names ${JSON.stringify(pointers)}, not ${pointer}`;
}

// Probes and scrapers may add what they like.
const PLATFORM = /^\/(health\/|metrics$|openapi\.json$)/;

function routesOf(document: Node, { without = [] }: SweepOptions): Route[] {
  return Object.entries(document['paths'] as Record<string, Record<string, Node>>)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([verb, operation]) => {
        return { method: verb.toUpperCase(), path, operation };
      }),
    )
    .filter(({ path }) => !PLATFORM.test(path))
    .filter(({ method, path }) => !without.includes(`${method} ${path}`));
}

function trialsOf(document: Node, route: Route, options: SweepOptions): Trial[] {
  return [
    ...pathTrials(route),
    ...queryTrials(route, options),
    ...bodyTrials(document, route, options),
  ];
}

function pathTrials({ method, path }: Route): Trial[] {
  if (method === 'GET' && !path.includes('{')) return [];
  return [NUL, RTL, LONG.slice(0, 900), '../../x', '-1', '9'.repeat(40), '%', "'"].map((bad) => {
    const url = path.replaceAll(/\{\w+\}/g, encodeURIComponent(bad));
    return { method, url, what: `${path} with ${shown(bad)} in its path` };
  });
}

function queryTrials(route: Route, options: SweepOptions): Trial[] {
  const { method, operation } = route;
  const parameters = ((operation['parameters'] ?? []) as Node[]).filter(
    (one) => one['in'] === 'query',
  );
  const path = pathOf(route.path, options);
  const needed = (but: string): string[] =>
    parameters
      .filter(
        ({ name, required }) => (required === true || name === 'organization') && name !== but,
      )
      .map(({ name, schema }) => `${String(name)}=${sampleOf(String(name), schema as Node)}`);
  const trial = (query: string, name: string, isRefused = true): Trial => ({
    method,
    url: `${path}?${[query, ...needed(name)].join('&')}`,
    what: `${route.path}?${query.slice(0, 80)}`,
    ...(isRefused && { pointer: `?${name}` }),
  });
  return [
    trial('nonsense=1', 'nonsense'),
    ...parameters.flatMap(({ name, schema }) => {
      const told = String(name);
      const { bad, odd } = badTexts(told, schema as Node);
      const all = bad.map((text) => trial(`${told}=${encodeURIComponent(text)}`, told));
      const others = odd.map((text) => trial(`${told}=${encodeURIComponent(text)}`, told, false));
      const isList = (schema as Node)['type'] === 'array';
      return [...all, ...others, ...(isList ? [] : [trial(`${told}=1&${told}=2`, told)])];
    }),
  ];
}

function bodyTrials(document: Node, route: Route, options: SweepOptions): Trial[] {
  const { method, path } = route;
  const schema = bodySchema(document, route);
  if (!schema) return [];
  const url = pathOf(path, options);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Node>);
  const trial = (field: string, value: unknown): Trial => ({
    method,
    url,
    body: { [field]: value },
    what: `${path} {${field}: ${shown(value)}}`,
    pointer: `/${field}`,
  });
  return [
    trial('nonsense', 1),
    ...properties.flatMap(([field, told]) => badValues(told).map((bad) => trial(field, bad))),
    ...[[], 'x', 1, null].map((body) => ({ method, url, body, what: `${path} ${shown(body)}` })),
  ];
}

function bodySchema(document: Node, { operation }: Route): Node | undefined {
  const { content } = (operation['requestBody'] ?? {}) as { content?: Record<string, Node> };
  const schema = content?.['application/json']?.['schema'] as Node | undefined;
  const name = /^#\/components\/schemas\/(.+)$/.exec(textOf(schema?.['$ref']))?.[1];
  if (name === undefined) return undefined;
  const { schemas } = document['components'] as { schemas: Record<string, Node> };
  return schemas[name]?.['additionalProperties'] === false ? schemas[name] : undefined;
}

function pathOf(path: string, { reached = (same) => same }: SweepOptions): string {
  return reached(path).replaceAll(/\{\w+\}/g, 'x');
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}
