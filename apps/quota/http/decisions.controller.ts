// Why was a request admitted or refused? What stood in the way, whose usage that was, when it frees, and the answer that was given.
import { Controller, Get, Param } from '@nestjs/common';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { notFound } from '#libs/http/problem.js';
import { answerFacts } from '../domain/answer-facts.js';
import { AnswerContexts } from '../store/answer-contexts.js';
import { DecisionStore } from '../store/decision.store.js';
import { decisionView } from './decisions.view.js';

@Controller('v1/decisions')
export class DecisionsController {
  constructor(
    private readonly decisions: DecisionStore,
    private readonly contexts: AnswerContexts,
  ) {}

  /** 404 `unknown_decision` for one that is not there, too old, or another organization's. */
  @Get(':id')
  @RequireScope('usage:read', 'quota:reserve')
  async one(@Param('id') id: string, @CurrentCaller() caller: Caller) {
    const decision = await this.decisions.find(id);
    const { organization } = caller;
    if (!decision || (organization !== null && organization !== decision.organization))
      throw notFound('unknown_decision', `There is no decision ${id}.`);
    const [contributors, context] = await Promise.all([
      this.decisions.contributors(decision),
      this.contexts.of(decision),
    ]);
    return decisionView(decision, answerFacts(decision, context), contributors);
  }
}
