// The services behind the edge: where they are, and small questions that the edge itself asks them.
import { Problem } from '#libs/http/problem.js';
import { UPSTREAMS, type Upstream } from '../domain/routing.js';

/** A service has this long for an answer to the edge itself; what is only passed through may take longer. */
const DEADLINE_MS = 5_000;

export class Upstreams {
  constructor(private readonly urls: Readonly<Record<Upstream, string>>) {}

  get names(): readonly Upstream[] {
    return UPSTREAMS;
  }

  urlOf(name: Upstream): string {
    return this.urls[name];
  }

  /**
   * The JSON body of a GET, or the status of a refusal. Throws Problem 503 `service_unavailable` naming the service when it does
   * not answer in 5 s.
   */
  async get(
    name: Upstream,
    path: string,
    key?: string,
    forwardedFor?: string,
  ): Promise<UpstreamAnswer> {
    try {
      const answer = await fetch(`${this.urls[name]}${path}`, {
        headers: {
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
          ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
        },
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      const retryAfter = answer.headers.get('retry-after');
      return {
        status: answer.status,
        retryAfter,
        body: (await answer.json()) as Record<string, unknown>,
      };
    } catch {
      throw serviceAway(name);
    }
  }
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** 503 that names the part that is missing, so that a page can show the rest. */
export function serviceAway(name: Upstream): Problem {
  return new Problem(503, 'service_unavailable', `The ${name} service does not answer now.`, {
    headers: { 'retry-after': '1' },
    members: { service: name },
  });
}
