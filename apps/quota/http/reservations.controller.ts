// May this request run? Reserve the worst case, then extend, settle or release. What is refused is the answer to forward.
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, CurrentCaller, organizationOf, RequireScope } from '#libs/http/auth.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { notFound, Problem, invalidField } from '#libs/http/problem.js';
import type { Decision, ReservationRequest } from '../domain/decision.js';
import { decisionOf, type KeptReservation } from '../store/kept-reservation.js';
import type { Outcome } from '../store/admission-commands.js';
import { AnswerContexts } from '../store/answer-contexts.js';
import { ulid } from '../store/ulid.js';
import { answerTo, forward } from './decision-answer.js';
import { measuresOf, quantitiesOf, reservationView } from './reservation.view.js';
import { ExtendBody, ReservationBody, SettleBody } from './reservations.dto.js';
import { ReservationDoor } from '../store/reservation-door.js';

@Controller('v1/reservations')
@RequireScope('quota:reserve')
export class ReservationsController {
  constructor(
    private readonly door: ReservationDoor,
    private readonly contexts: AnswerContexts,
  ) {}

  /** 201 with what is held, or the refusal to forward. The same `request_id` gives the same reservation while it lives. */
  @Post()
  @HttpCode(201)
  @Idempotent()
  async reserve(
    @Body() body: ReservationBody,
    @CurrentCaller() caller: Caller,
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const organization = organizationOf(caller, body.organization, '/organization');
    const request = requestOf(body, organization);
    const outcome = await this.door.reserve(request, ulid(this.door.now()));
    if (outcome.kind === 'refused') return this.answer(http, reply, outcome.decision, {});
    const kept = done(outcome, request.organization);
    if (outcome.kind === 'done' && outcome.isReplayed)
      void reply.header('idempotency-replayed', 'true');
    return this.answer(http, reply, decisionOf(kept), reservationView(kept));
  }

  /** A stream goes on: notes the usage so far, holds it longer, and more where more is asked for. */
  @Post(':id/extend')
  @HttpCode(200)
  async extend(
    @Param('id') id: string,
    @Body() body: ExtendBody,
    @CurrentCaller() caller: Caller,
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const hasUsage = body.tokens != null || Object.keys(measuresOf(body)).length > 0;
    const outcome = await this.door.change(caller.organization, {
      kind: 'extend',
      id,
      tokens: hasUsage ? quantitiesOf(body.tokens ?? {}, body) : undefined,
      maxOutputTokens: body.max_output_tokens == null ? undefined : BigInt(body.max_output_tokens),
      ttlSeconds: body.ttl_seconds ?? undefined,
      ulid: ulid(this.door.now()),
    });
    if (outcome.kind === 'refused') return this.answer(http, reply, outcome.decision, {});
    return reservationView(done(outcome, id));
  }

  /** An operator's way; normally the usage event settles. The same usage again changes nothing. */
  @Post(':id/settle')
  @HttpCode(200)
  async settle(@Param('id') id: string, @Body() body: SettleBody, @CurrentCaller() caller: Caller) {
    const tokens = quantitiesOf(body.tokens, body);
    const outcome = await this.door.change(caller.organization, { kind: 'settle', id, tokens });
    return reservationView(done(outcome, id));
  }

  /** Gives back what is held; 204 also when it holds nothing any more, 409 when it was settled. */
  @Delete(':id')
  @HttpCode(204)
  async release(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    done(await this.door.change(caller.organization, { kind: 'release', id }), id);
  }

  @Get(':id')
  async one(@Param('id') id: string, @CurrentCaller() caller: Caller) {
    const kept = await this.door.find(caller.organization, id);
    if (!kept) throw unknownReservation(id);
    return reservationView(kept);
  }

  private async answer(
    http: FastifyRequest,
    reply: FastifyReply,
    decision: Decision,
    admitted: object,
  ): Promise<object> {
    const context = await this.contexts.of(decision);
    return forward(reply, answerTo(http, decision, context), admitted);
  }
}

function requestOf(body: ReservationBody, organization: string): ReservationRequest {
  return {
    requestId: body.request_id,
    organization,
    model: body.model,
    project: body.project ?? null,
    apiKey: body.api_key ?? null,
    serviceTier: body.service_tier ?? 'on_demand',
    adapter: body.adapter ?? null,
    inputTokens: BigInt(body.input_tokens),
    maxOutputTokens: body.max_output_tokens == null ? null : BigInt(body.max_output_tokens),
    measures: measuresOf(body),
    ttlSeconds: body.ttl_seconds ?? 600,
  };
}

function done(outcome: Outcome, name: string): KeptReservation {
  switch (outcome.kind) {
    case 'done':
      return outcome.kept;
    case 'fault':
      throw invalidField(outcome.fault.pointer, outcome.fault.detail, outcome.fault.code);
    case 'conflict': {
      const { code, detail, pointer } = outcome.conflict;
      const errors = pointer === undefined ? [] : [{ pointer, code, detail }];
      const status = code === 'request_id_reused' ? 422 : 409;
      throw new Problem(status, code, detail, { errors });
    }
    case 'unknown_organization':
      throw notFound('unknown_organization', `There is no organization ${name}.`);
    case 'unknown_reservation':
      throw unknownReservation(name);
    default:
      throw new Error(`no outcome of ${name} to show: ${outcome.kind}`);
  }
}

function unknownReservation(id: string): Problem {
  return notFound('unknown_reservation', `There is no reservation ${id}.`);
}
