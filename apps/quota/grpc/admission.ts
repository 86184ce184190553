// What this door needs of the limiter: a decision about each reservation, the answer's context, and a way to give back.
import type { AnswerContext } from '../domain/answer-facts.js';
import type { Decision, ReservationRequest } from '../domain/decision.js';

/** The injection token. */
export abstract class Admission {
  /** Decides and, when admitted, holds. Throws a Problem for what is no decision: an unknown organization or model. */
  abstract reserve(request: ReservationRequest): Promise<Decision>;

  /** Gives back what an admitted decision holds. */
  abstract release(organization: string, reservation: string): Promise<void>;

  /** What the answer says beside the decision's numbers. */
  abstract contextOf(decision: Decision): Promise<AnswerContext>;
}
