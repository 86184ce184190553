// Envoy's rate limit service v3: an Envoy-based gateway asks the limiter directly (docs/envoy.md).
import { randomUUID } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { Controller, UseFilters } from '@nestjs/common';
import { GrpcException, GrpcMethod, GrpcStatus } from '@nestjs/microservices';
import { Authenticator, type Caller } from '#libs/http/authenticator.js';
import { answerFacts } from '../domain/answer-facts.js';
import { answerOf } from '../domain/answer.js';
import type { ReservationRequest } from '../domain/decision.js';
import { type EnvoyRequest, reservationsOf } from '../domain/envoy-request.js';
import { type Answered, envoyResponse, type EnvoyResponse } from '../domain/envoy-response.js';
import { Admission } from './admission.js';
import { RpcFaults } from './rpc-faults.js';

@Controller()
@UseFilters(RpcFaults)
export class RateLimitController {
  constructor(
    private readonly admission: Admission,
    private readonly keys: Authenticator,
  ) {}

  /**
   * Reserves for every descriptor, all or none. Needs `authorization: Bearer mb_…` in the metadata, with the scope
   * `quota:reserve`. Faults are gRPC statuses: what Envoy does then is its `failure_mode_deny`.
   */
  @GrpcMethod('RateLimitService', 'ShouldRateLimit')
  async shouldRateLimit(request: EnvoyRequest, metadata: Metadata): Promise<EnvoyResponse> {
    const [header] = metadata.get('authorization');
    const caller = await this.keys.admit(header?.toString(), ['quota:reserve']);
    const name = randomUUID();
    const wanted = reservationsOf(request, caller.organization, (index) => `${name}-${index}`);
    if ('fault' in wanted) throw new GrpcException(wanted.fault, GrpcStatus.INVALID_ARGUMENT);
    for (const { organization } of wanted) assertOwn(caller, organization);
    return envoyResponse(await this.decideAll(wanted));
  }

  private async decideAll(wanted: readonly ReservationRequest[]): Promise<Answered[]> {
    const answered: Answered[] = [];
    try {
      for (const request of wanted) {
        const decision = await this.admission.reserve(request);
        const context = await this.admission.contextOf(decision);
        answered.push({ decision, answer: answerOf(answerFacts(decision, context)) });
      }
    } catch (error) {
      await this.giveBack(answered);
      throw error;
    }
    if (answered.some(({ decision }) => decision.outcome === 'refused'))
      await this.giveBack(answered);
    return answered;
  }

  private async giveBack(answered: readonly Answered[]): Promise<void> {
    for (const { decision } of answered)
      if (decision.reservation !== null)
        await this.admission.release(decision.organization, decision.reservation);
  }
}

// Another organization looks as if it were not there, as over HTTP.
function assertOwn(caller: Caller, organization: string): void {
  if (caller.organization !== null && caller.organization !== organization)
    throw new GrpcException(`There is no organization ${organization}.`, GrpcStatus.NOT_FOUND);
}
