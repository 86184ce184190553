// The session cookie: an API key sealed with AES-256-GCM, which scripts cannot read and another site's pages cannot send.
import { hkdfSync } from 'node:crypto';
import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#libs/http/problem.js';
import { seal, unseal } from '#libs/http/sealed.js';
import type { Clock } from '#libs/time/instant.js';
import { forgery, readSession, type Session } from '../domain/session.js';

export interface SessionOptions {
  /** At least 32 characters, the same on every instance of the edge. */
  readonly secret: string;
  /** True when browsers reach the edge over https: then the cookie is `Secure` and bound to the host (`__Host-`). */
  readonly secure: boolean;
  readonly clock: Clock;
}

export class SessionCookie {
  private readonly key: Buffer;
  private readonly name: string;

  constructor(private readonly options: SessionOptions) {
    const { secret, secure } = options;
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'meterbook session cookie 1', 32));
    this.name = secure ? '__Host-mb_session' : 'mb_session';
  }

  /** The session of a request. A cookie that is over, changed or sealed by another secret is no session. */
  read(request: FastifyRequest): Session | undefined {
    const sealed = request.cookies[this.name];
    if (sealed === undefined) return undefined;
    try {
      const text = unseal(Buffer.from(sealed, 'base64url'), this.key);
      return readSession(text, this.options.clock());
    } catch {
      return undefined;
    }
  }

  /** The session of a request that may use it. Throws Problem 403 `cross_site_request` for a forged one. */
  admit(request: FastifyRequest): Session | undefined {
    const session = this.read(request);
    if (session) assertOurs(request);
    return session;
  }

  write(reply: FastifyReply, session: Session): void {
    const value = seal(JSON.stringify(session), this.key).toString('base64url');
    const maxAge = Math.floor((session.expiresAt - this.options.clock()) / 1_000);
    void reply.setCookie(this.name, value, { ...this.attributes(), maxAge });
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(this.name, this.attributes());
  }

  private attributes() {
    const { secure } = this.options;
    return { httpOnly: true, sameSite: 'strict', path: '/', secure } as const;
  }
}

/** Throws Problem 403 `cross_site_request` unless the request comes from our own pages. */
export function assertOurs({ method, headers }: FastifyRequest): void {
  const reason = forgery({
    method,
    host: headers.host,
    origin: headers.origin,
    fetchSite: one(headers['sec-fetch-site']),
    csrfHeader: one(headers['x-meterbook-csrf']),
  });
  if (reason !== undefined)
    throw new Problem(403, 'cross_site_request', `The session may not be used: ${reason}.`);
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
