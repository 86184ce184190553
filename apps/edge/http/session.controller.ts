import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '#libs/http/auth.js';
import { ClientAddresses } from '#libs/http/client-address.js';
import { Problem } from '#libs/http/problem.js';
import { type Clock, formatInstant, parseInstant } from '#libs/time/instant.js';
import { type Session, sessionEnd } from '../domain/session.js';
import { assertOurs, SessionCookie } from './session-cookie.js';
import { SessionBody } from './session.dto.js';
import { Upstreams } from './upstreams.js';

/** The injection token of the clock that ends sessions. */
export const SESSION_CLOCK = Symbol('session clock');

/** What ingest says of the key that asks: GET /v1/api-keys/current. */
interface CurrentKey {
  readonly organization: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires_at: string | null;
}

@Controller('session')
@Public()
export class SessionController {
  constructor(
    private readonly cookie: SessionCookie,
    private readonly upstreams: Upstreams,
    @Inject(SESSION_CLOCK) private readonly clock: Clock,
    private readonly addresses: ClientAddresses,
  ) {}

  /** Signs in with an API key; 401 for one that ingest does not know. The key is in no answer and in no script's reach. */
  @Post()
  @HttpCode(204)
  async begin(
    @Body() { key }: SessionBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    assertOurs(request);
    const current = await this.currentKey(key, request);
    const { organization, name, scopes } = current;
    const keyEnd = current.expires_at === null ? null : (parseInstant(current.expires_at) ?? null);
    const expiresAt = sessionEnd(this.clock(), keyEnd);
    this.cookie.write(reply, { key, organization, name, scopes, expiresAt });
  }

  /** Who is signed in; 401 when nobody is. */
  @Get()
  async show(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('cache-control', 'no-store');
    const session = this.cookie.read(request);
    if (!session) throw notSignedIn();
    // A key that was revoked meanwhile must not look signed in.
    await this.currentKey(session.key, request);
    return view(session);
  }

  @Delete()
  @HttpCode(204)
  end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    assertOurs(request);
    this.cookie.clear(reply);
  }

  private async currentKey(key: string, request: FastifyRequest): Promise<CurrentKey> {
    if (!/^[\x21-\x7e]+$/.test(key)) throw wrongKey('This is not a well-formed API key.');
    const from = this.addresses.forwardedFor(request);
    const answer = await this.upstreams.get('ingest', '/v1/api-keys/current', key, from);
    const { status, body, retryAfter } = answer;
    if (status === 200) return body as unknown as CurrentKey;
    const detail =
      typeof body['detail'] === 'string' ? body['detail'] : 'There is no such API key.';
    if (status !== 429) throw wrongKey(detail);
    const headers = { 'retry-after': retryAfter ?? '1' };
    throw new Problem(429, 'too_many_wrong_keys', detail, { headers });
  }
}

/** 401 for a request that needs a session or a key and has neither. */
export function notSignedIn(): Problem {
  return new Problem(401, 'not_signed_in', 'There is no session, or it is over: sign in again.');
}

function wrongKey(detail: string): Problem {
  return new Problem(401, 'invalid_api_key', detail);
}

function view({ organization, name, scopes, expiresAt }: Session) {
  return { organization, name, scopes, expires_at: formatInstant(expiresAt) };
}
