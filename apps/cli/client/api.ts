// One service over HTTP: JSON in and out, problems as errors that say what the service said.

/** A 4xx or 5xx answer; `message` is the problem's detail. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly body: unknown,
  ) {
    super(message);
  }
}

export interface SendOptions {
  readonly contentType?: string;
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
}

export class Api {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
  ) {}

  async get<Answer>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const search = new URLSearchParams(query).toString();
    return (await this.send('GET', search === '' ? path : `${path}?${search}`)) as Answer;
  }

  async put<Answer>(path: string, body: unknown): Promise<Answer> {
    return (await this.send('PUT', path, JSON.stringify(body))) as Answer;
  }

  async post<Answer>(path: string, body: unknown, options: SendOptions = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return (await this.send('POST', path, text, options)) as Answer;
  }

  private async send(
    method: string,
    path: string,
    body?: string,
    options: SendOptions = {},
  ): Promise<unknown> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.key}` };
    if (body !== undefined) headers['content-type'] = options.contentType ?? 'application/json';
    if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
    const answer = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(options.timeoutMs ?? 60_000),
    });
    const text = await answer.text();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    if (answer.ok) return parsed;
    const problem = (parsed ?? {}) as { code?: string; detail?: string };
    throw new ApiError(
      answer.status,
      problem.code ?? 'unknown',
      `${method} ${path}: ${problem.detail ?? text}`,
      parsed,
    );
  }
}
