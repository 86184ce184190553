import { Controller, type MessageEvent, Query, Req, Sse } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Public } from '#libs/http/auth.js';
import { invalidField, notFound } from '#libs/http/problem.js';
import { LiveUpdates } from './live-updates.js';
import { LiveQuery } from './live.dto.js';
import { SessionCookie } from './session-cookie.js';
import { notSignedIn } from './session.controller.js';

@Controller('events')
@Public()
export class LiveController {
  constructor(
    private readonly cookie: SessionCookie,
    private readonly updates: LiveUpdates,
  ) {}

  /** Server-sent events `usage`, `spend`, `limits` and `invoice` of the session's organization: hints to ask again. */
  @Sse()
  live(@Query() query: LiveQuery, @Req() request: FastifyRequest): Observable<MessageEvent> {
    const session = this.cookie.read(request);
    if (!session) throw notSignedIn();
    const organization = query.organization ?? session.organization;
    if (organization === null)
      throw invalidField('?organization', 'is needed with a key that is bound to none');
    if (session.organization !== null && session.organization !== organization)
      throw notFound('unknown_organization', `There is no organization ${organization}.`);
    return this.updates.of(organization, session.key);
  }
}
