// One door to the edge: the session's cookie instead of a key, JSON read without floats, refusals as ApiError.
import { parseExact } from '../domain/exact-json.js';

/** What an RFC 9457 answer says, as far as a page shows it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

/** A refusal, or no answer at all (`status` 0, code `unreachable`). */
export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    readonly requestId: string | null,
  ) {
    super(problem.detail ?? problem.title);
  }

  get status(): number {
    return this.problem.status;
  }

  /** The part behind the edge does not answer, or not now. */
  get isOutage(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** GET of a JSON document: integers come as bigint, decimals as the text that was sent. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send('GET', path, { signal })) as T;
}

/** A call that changes something; the custom header shows the edge that no foreign page made it. */
export async function change<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  const headers: Record<string, string> = { 'x-meterbook-csrf': '1' };
  if (method === 'POST') headers['idempotency-key'] = crypto.randomUUID();
  return (await send(method, path, { body, headers })) as T;
}

/** A path with query parameters; those that are undefined are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

interface Sending {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

async function send(method: string, path: string, sending: Sending): Promise<unknown> {
  const response = await answerOf(method, path, sending);
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  if (response.ok) {
    if (text === '') return undefined;
    if (isJson) return parseExact(text);
  }
  throw new ApiError(problemOf(response, isJson ? text : ''), response.headers.get('x-request-id'));
}

async function answerOf(method: string, path: string, sending: Sending): Promise<Response> {
  const { body, signal } = sending;
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...sending.headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(
      { status: 0, code: 'unreachable', title: 'No answer', detail: null, errors: [] },
      null,
    );
  }
}

function problemOf(response: Response, text: string): Problem {
  const nothing = { status: response.status, detail: null, errors: [] };
  const title = response.statusText || String(response.status);
  try {
    const said = parseExact(text) as Partial<Record<keyof Problem, unknown>> | null;
    return {
      status: response.status,
      code: textOr(said?.code, 'unknown'),
      title: textOr(said?.title, title),
      detail: typeof said?.detail === 'string' ? said.detail : null,
      errors: Array.isArray(said?.errors) ? (said.errors as Problem['errors']) : [],
    };
  } catch {
    return { ...nothing, code: 'unknown', title };
  }
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
