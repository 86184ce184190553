import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentCaller, RequireScope, type Caller } from '#libs/http/auth.js';
import { DescribeAnswers, DescribeBody } from '#libs/http/described.js';
import { Problem } from '#libs/http/problem.js';
import type { RejectedItem } from '../domain/admission.js';
import { OPENMETER_ANSWERS, OPENMETER_BODY } from './events-schemas.js';
import { fieldErrors } from './events-door.js';
import type { SentItems } from './events-media.js';
import { EventStreams } from './events-stream.js';
import { OpenMeterDoor } from './openmeter-door.js';
import { splitOpenMeter } from './openmeter-media.js';

@Controller('api/v1/events')
export class OpenMeterController {
  constructor(
    private readonly door: OpenMeterDoor,
    private readonly streams: EventStreams,
  ) {}

  /** 204 and nothing else when all were taken (its Python client raises on 200 and 202); else 400, the good ones kept. */
  @Post()
  @HttpCode(204)
  @RequireScope('usage:write')
  @DescribeBody(OPENMETER_BODY)
  @DescribeAnswers(OPENMETER_ANSWERS)
  async take(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    return this.streams.work(request, reply, caller, async (bytes, media) => {
      const sent = await this.split(bytes, media, caller.organization);
      const rejected = await this.door.take(sent, caller.organization);
      this.streams.refused(caller, rejected.length);
      if (rejected.length > 0) throw someRejected(sent, rejected);
    });
  }

  private async split(bytes: Buffer, media: string, organization: string | null) {
    try {
      return splitOpenMeter(bytes, media);
    } catch (error) {
      if (error instanceof Problem && error.status === 400)
        await this.door.refuseWhole(bytes, error.message, organization);
      throw error;
    }
  }
}

function someRejected(sent: SentItems, rejected: readonly RejectedItem[]): Problem {
  const [first] = rejected;
  const others = rejected.length > 1 ? ` (and ${rejected.length - 1} more)` : '';
  return new Problem(400, 'events_rejected', `${first?.detail}${others}`, {
    title: 'Some events were not accepted',
    errors: fieldErrors(sent, rejected),
    members: { rejected },
  });
}
