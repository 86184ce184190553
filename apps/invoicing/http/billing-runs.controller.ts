// Closing a month: asked for here, worked off in the background.
import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { ORGANIZATION_ID, toMonth } from '#libs/http/fields.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { type FieldError, invalidRequest, notFound, Problem } from '#libs/http/problem.js';
import { formatInstant } from '#libs/time/instant.js';
import type { Period } from '#libs/time/month.js';
import { type BillingRun, BillingRunStore } from '../store/billing-run.store.js';
import { CutStore } from '../store/cut.store.js';
import { RunSignal } from '../store/run-signal.js';
import { BillingClock } from './billing-clock.js';
import { billingRunView } from './billing-run.view.js';
import { BillingRunBody } from './billing-runs.dto.js';

@Controller('v1/billing-runs')
export class BillingRunsController {
  constructor(
    private readonly runs: BillingRunStore,
    private readonly cuts: CutStore,
    private readonly signal: RunSignal,
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
    if (!run || !mayRead(caller, run))
      throw notFound('unknown_billing_run', `There is no billing run ${id}.`);
    const waits = run.plannedAt === null && run.evidence !== null;
    const behind = waits ? await this.cuts.behind(run.evidence) : [];
    return billingRunView(run, await this.runs.summary(id), behind);
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

/** Whom to bill: a bound key bills its own organization only. null is everyone. */
function requestedBy(caller: Caller, asked: readonly string[] | undefined): string[] | null {
  if (asked === undefined) return caller.organization === null ? null : [caller.organization];
  const errors: FieldError[] = asked.flatMap((organization: unknown, index) =>
    typeof organization === 'string' && ORGANIZATION_ID.test(organization)
      ? []
      : [
          {
            pointer: `/organizations/${index}`,
            code: 'invalid_value',
            detail: 'must be org_ and 1 to 60 of a-z, 0-9, "_" and "-"',
          },
        ],
  );
  if (errors.length > 0) throw invalidRequest(errors);
  for (const organization of asked) assertMayRead(caller, organization);
  return [...new Set(asked)];
}

function mayRead({ organization }: Caller, run: BillingRun): boolean {
  if (organization === null) return true;
  return run.requested?.every((one) => one === organization) ?? false;
}
