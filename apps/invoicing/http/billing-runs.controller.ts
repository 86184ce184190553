// Closing a month: asked for here, worked off in the background.
import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { toMonth } from '#libs/http/fields.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { notFound, Problem } from '#libs/http/problem.js';
import { formatInstant } from '#libs/time/instant.js';
import type { Period } from '#libs/time/month.js';
import { BillingRunStore } from '../store/billing-run.store.js';
import { CutStore } from '../store/cut.store.js';
import { ParkedStore } from '../store/parked.store.js';
import { RunSignal } from '../store/run-signal.js';
import { BillingClock } from './billing-clock.js';
import { billingRunView } from './billing-run.view.js';
import { BillingRunBody } from './billing-runs.dto.js';
import { mayReadAll, requestedBy } from './requested.js';

@Controller('v1/billing-runs')
export class BillingRunsController {
  constructor(
    private readonly runs: BillingRunStore,
    private readonly cuts: CutStore,
    private readonly signal: RunSignal,
    private readonly parked: ParkedStore,
    private readonly time: BillingClock,
  ) {}

  /** 409 `period_open` with `closable_at` while the month may still get usage. */
  @Post()
  @HttpCode(202)
  @RequireScope('billing:write')
  @Idempotent()
  async create(
    @Body() body: BillingRunBody,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const period = toMonth(body.period, '/period');
    const requested = requestedBy(caller, body.organizations);
    this.assertClosable(period, body.period);
    const id = `run_${randomUUID().replaceAll('-', '')}`;
    await this.runs.create({ id, period, requested, createdAt: this.time.now() }, caller.keyId);
    this.signal.ring();
    void reply.header('location', `/v1/billing-runs/${id}`);
    return { id };
  }

  /** How far it is, whom it did not issue and why, and what it waits for. */
  @Get(':id')
  @RequireScope('billing:read')
  async one(@Param('id') id: string, @CurrentCaller() caller: Caller) {
    const run = await this.runs.find(id);
    if (!run || !mayReadAll(caller, run.requested))
      throw notFound('unknown_billing_run', `There is no billing run ${id}.`);
    const waits = run.plannedAt === null && run.evidence !== null;
    const behind = waits ? await this.cuts.behind(run.evidence) : [];
    const summary = await this.runs.summary(id);
    const names = summary.notIssued.map(({ organization }) => organization);
    return billingRunView(run, summary, behind, await this.parked.idsOf(run.period, names));
  }

  private assertClosable(period: Period, month: string): void {
    const closableAt = this.time.closableAt(period);
    if (this.time.now() >= closableAt) return;
    const closable_at = formatInstant(closableAt);
    throw new Problem(409, 'period_open', `${month} may be billed from ${closable_at} on.`, {
      members: { closable_at },
    });
  }
}
