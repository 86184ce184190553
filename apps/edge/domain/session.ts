// What a session is: an API key, sealed into a cookie that scripts cannot read. The edge keeps no list of sessions; a revoked key
// ends them all at its next request, since every request is checked by the service that answers it.

/** What the cookie holds, before it is sealed. */
export interface Session {
  readonly key: string;
  readonly organization: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** 12 hours: a working day. */
const SESSION_MS = 12 * 3_600_000;

/** When a session that begins now ends: after 12 hours, and never after its key. */
export function sessionEnd(now: number, keyExpiresAt: number | null): number {
  return Math.min(now + SESSION_MS, keyExpiresAt ?? Number.POSITIVE_INFINITY);
}

/** The session in an unsealed cookie; undefined when it is over or is not one. */
export function readSession(text: string, now: number): Session | undefined {
  const session = JSON.parse(text) as Session;
  return session.expiresAt > now ? session : undefined;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface RequestOrigin {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly csrfHeader: string | undefined;
}

/**
 * Why a request that changes something may not use the cookie; undefined when it may. It must carry `x-meterbook-csrf: 1`, which
 * no form and no foreign script can set, and come from our own pages (OWASP CSRF cheat sheet: custom header, Fetch Metadata).
 */
export function forgery(request: RequestOrigin): string | undefined {
  if (SAFE.has(request.method)) return undefined;
  if (request.csrfHeader !== '1') return 'the header x-meterbook-csrf: 1 is missing';
  const { fetchSite, origin, host } = request;
  if (fetchSite !== undefined && fetchSite !== 'same-origin')
    return `it comes from a page of another site (sec-fetch-site: ${fetchSite})`;
  if (origin !== undefined && hostOf(origin) !== host)
    return `its origin ${origin} is another than ${host ?? 'this host'}`;
  return undefined;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
