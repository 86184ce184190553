import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentCaller, RequireScope, type Caller } from '#libs/http/auth.js';
import { DescribeAnswers, DescribeBody } from '#libs/http/described.js';
import { Problem } from '#libs/http/problem.js';
import { EventsDoor, fieldErrors } from './events-door.js';
import { EVENTS_ANSWERS, EVENTS_BODY } from './events-schemas.js';
import { splitEvents, type SentItems } from './events-media.js';
import { EventStreams } from './events-stream.js';
import type { RejectedItem } from '../domain/admission.js';

/** The answer of 202. */
interface EventsView {
  /** Items that the log now holds, repeats included. */
  readonly accepted: number;
  /** Per partition of `usage.recorded`, the offset after the last record of this request: usable as `at_least`. */
  readonly positions: Readonly<Record<string, number>>;
  readonly rejected: readonly RejectedItem[];
}

@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly door: EventsDoor,
    private readonly streams: EventStreams,
  ) {}

  /** 202 once all in-sync replicas hold what was accepted; 400 when nothing was. */
  @Post()
  @HttpCode(202)
  @RequireScope('usage:write')
  @DescribeBody(EVENTS_BODY)
  @DescribeAnswers(EVENTS_ANSWERS)
  async take(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentCaller() caller: Caller,
  ): Promise<EventsView> {
    return this.streams.work(request, reply, caller, async (bytes, media) =>
      this.takeEvents(splitEvents(bytes, request.headers, media), caller),
    );
  }

  private async takeEvents(sent: SentItems, caller: Caller): Promise<EventsView> {
    const admission = await this.door.admit(sent, caller.organization);
    const { admitted, rejected } = admission;
    this.streams.refused(caller, rejected.length);
    if (admitted.length === 0 && rejected.length > 0) throw nothingAccepted(sent, rejected);
    const positions = await this.door.append(admission);
    return { accepted: admitted.length, positions, rejected };
  }
}

function nothingAccepted(sent: SentItems, rejected: readonly RejectedItem[]): Problem {
  const [first] = rejected;
  const others = rejected.length > 1 ? ` (and ${rejected.length - 1} more)` : '';
  return new Problem(400, 'nothing_accepted', `${first?.detail}${others}`, {
    title: 'No event was accepted',
    errors: fieldErrors(sent, rejected),
    members: { accepted: 0, positions: {}, rejected },
  });
}
