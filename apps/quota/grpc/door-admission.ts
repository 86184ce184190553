// Admission by the one door that HTTP uses too: same batches, same holds, same decisions.
import { invalidField, notFound, Problem } from '#libs/http/problem.js';
import type { AnswerContext } from '../domain/answer-facts.js';
import type { Decision, ReservationRequest } from '../domain/decision.js';
import { decisionOf } from '../store/kept-reservation.js';
import type { AnswerContexts } from '../store/answer-contexts.js';
import type { ReservationDoor } from '../store/reservation-door.js';
import { ulid } from '../store/ulid.js';
import { Admission } from './admission.js';

export class DoorAdmission extends Admission {
  constructor(
    private readonly door: ReservationDoor,
    private readonly contexts: AnswerContexts,
  ) {
    super();
  }

  override async reserve(request: ReservationRequest): Promise<Decision> {
    const outcome = await this.door.reserve(request, ulid(this.door.now()));
    switch (outcome.kind) {
      case 'done':
        return decisionOf(outcome.kept);
      case 'refused':
        return outcome.decision;
      case 'fault': {
        const { pointer, detail, code } = outcome.fault;
        throw invalidField(pointer, detail, code);
      }
      case 'conflict':
        throw new Problem(409, outcome.conflict.code, outcome.conflict.detail);
      default: {
        const { organization } = request;
        throw notFound('unknown_organization', `There is no organization ${organization}.`);
      }
    }
  }

  override async release(organization: string, reservation: string): Promise<void> {
    await this.door.change(organization, { kind: 'release', id: reservation });
  }

  override async contextOf(decision: Decision): Promise<AnswerContext> {
    return this.contexts.of(decision);
  }
}
