// What-if: past usage under a draft catalog. Asked for here, worked off in the background; it touches nothing.
import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { ORGANIZATION_ID, toMonth } from '#libs/http/fields.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { decodeCursor, pageOf } from '#libs/http/page.js';
import { notFound } from '#libs/http/problem.js';
import { SimulationAnswerStore } from '../store/simulation-answers.store.js';
import { SimulationStore } from '../store/simulation.store.js';
import { BillingClock } from './billing-clock.js';
import { readDraft } from './draft-catalog.js';
import { mayReadAll, requestedBy } from './requested.js';
import { answerView, simulationHead, simulationSums } from './simulation.view.js';
import { SimulationSignal } from './simulation-signal.js';
import { SimulationBody, SimulationQuery, SimulationsQuery } from './simulations.dto.js';

const LARGEST = 10;

@Controller('v1/simulations')
export class SimulationsController {
  constructor(
    private readonly simulations: SimulationStore,
    private readonly answers: SimulationAnswerStore,
    private readonly signal: SimulationSignal,
    private readonly time: BillingClock,
  ) {}

  /** 422 `invalid_catalog` names each fault of the draft. A bound key asks about its own organization only. */
  @Post()
  @HttpCode(202)
  @RequireScope('billing:read', 'billing:write')
  @Idempotent()
  async create(
    @Body() body: SimulationBody,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const period = toMonth(body.period, '/period');
    const requested = requestedBy(caller, body.organizations);
    const { catalog, text, mediaType } = readDraft(body.catalog);
    const id = `sim_${randomUUID().replaceAll('-', '')}`;
    const asked = { id, period, requested, document: text, mediaType };
    const about = { catalogVersion: catalog.version, currency: catalog.currency };
    await this.simulations.create({ ...asked, ...about, createdAt: this.time.now() }, caller.keyId);
    this.signal.ring();
    void reply.header('location', `/v1/simulations/${id}`);
    return { id };
  }

  /** The last asked first. */
  @Get()
  @RequireScope('billing:read')
  async list(@Query() query: SimulationsQuery, @CurrentCaller() caller: Caller) {
    const before =
      query.cursor === undefined ? undefined : BigInt(cursorOf(query.cursor, /^\d{1,18}$/));
    const found = await this.simulations.list(caller.organization, before, query.limit + 1);
    const page = pageOf(found, query.limit, ({ seq }) => seq.toString());
    return { ...page, data: page.data.map(simulationHead) };
  }

  /** Totals, winners and losers, and a page of organizations; all of it grows while it runs. */
  @Get(':id')
  @RequireScope('billing:read')
  async one(
    @Param('id') id: string,
    @Query() query: SimulationQuery,
    @CurrentCaller() caller: Caller,
  ) {
    const simulation = await this.simulations.find(id);
    if (!simulation || !mayReadAll(caller, simulation.requested))
      throw notFound('unknown_simulation', `There is no simulation ${id}.`);
    const after = query.cursor === undefined ? undefined : cursorOf(query.cursor, ORGANIZATION_ID);
    const [sums, winner, loser, found] = await Promise.all([
      this.answers.sums(id),
      this.answers.largest(id, 'winner', LARGEST),
      this.answers.largest(id, 'loser', LARGEST),
      this.answers.answers(id, query.outcome, after, query.limit + 1),
    ]);
    const page = pageOf(found, query.limit, ({ organization }) => organization);
    return {
      ...simulationHead(simulation),
      ...simulationSums(sums, simulation.plannedAt !== null, { winner, loser }),
      organizations: page.data.map(answerView),
      next_cursor: page.next_cursor,
    };
  }
}

function cursorOf(text: string, shape: RegExp): string {
  return decodeCursor<string>(text, (value) => typeof value === 'string' && shape.test(value));
}
