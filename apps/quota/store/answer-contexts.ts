// What answers say beside a decision's numbers, for every door: out of the organization's terms as the limiter remembers them.
import { answerContext } from '../domain/answer-context.js';
import type { AnswerContext } from '../domain/answer-facts.js';
import type { Decision } from '../domain/decision.js';
import type { ReservationDoor } from './reservation-door.js';

export class AnswerContexts {
  constructor(
    private readonly door: Pick<ReservationDoor, 'terms'>,
    private readonly upgradeUrl: string | undefined,
  ) {}

  /** An organization that is gone by now is answered in USD: its decision has no other word of money. */
  async of({ organization, at }: Decision): Promise<AnswerContext> {
    const terms = await this.door.terms(organization);
    return terms ? answerContext(terms, at, this.upgradeUrl) : { currency: 'USD' };
  }
}
