// One number in three services: counts, digests, spend and positions of a month, compared.
import { Controller, Get, Query } from '@nestjs/common';
import { type Caller, CurrentCaller, organizationOf, RequireScope } from '#libs/http/auth.js';
import { toMonth } from '#libs/http/fields.js';
import { notFound } from '#libs/http/problem.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { digestText, totalsView } from '#libs/rating/reader-totals.js';
import { formatInstant } from '#libs/time/instant.js';
import { monthOf } from '#libs/time/month.js';
import {
  type Comparison,
  READERS,
  type ReaderName,
  type Readings,
} from '../domain/reconciliation.js';
import { Reconciling } from '../store/reconciling.js';
import { BillingClock } from './billing-clock.js';
import { ReconciliationQuery } from './reconciliation.dto.js';

@Controller('v1/reconciliation')
export class ReconciliationController {
  constructor(
    private readonly reconciling: Reconciling,
    private readonly positions: PositionStore,
    private readonly time: BillingClock,
  ) {}

  /** `equal` is proven by equal digests; `conclusive: false` says that the readers never stood at equal positions in time. */
  @Get()
  @RequireScope('billing:read')
  async compare(@Query() query: ReconciliationQuery, @CurrentCaller() caller: Caller) {
    const organization = organizationOf(caller, query.organization);
    const period =
      query.period === undefined ? monthOf(this.time.now()) : toMonth(query.period, '?period');
    const waitMs = query.wait_ms ?? 0;
    await this.positions.waitFor(query.at_least, waitMs);
    const { readings, comparison } = await this.reconciling.compare({
      organization,
      period,
      atLeast: query.at_least ?? '',
      waitMs,
    });
    if (isUnknown(readings))
      throw notFound('unknown_organization', `There is no organization ${organization}.`);
    return {
      organization,
      period: { from: formatInstant(period.from), to: formatInstant(period.to) },
      ...reconciliationView(readings, comparison),
    };
  }
}

/** The figures on top are invoicing's: what is billed. */
function reconciliationView(readings: Readings, comparison: Comparison) {
  const views = mapReaders((name) => totalsView(readings[name]));
  const { requests, tokens, quantities, spent_exact } = views.invoicing;
  return {
    equal: comparison.equal,
    conclusive: comparison.equal || comparison.samePositions,
    requests,
    tokens,
    spent_exact,
    quantities,
    readers: views,
    digests: mapReaders((name) => digestText(readings[name].digest)),
    positions: mapReaders((name) => readings[name].positions),
    differences: comparison.differences,
  };
}

function mapReaders<To>(to: (name: ReaderName) => To): Record<ReaderName, To> {
  return Object.fromEntries(READERS.map((name) => [name, to(name)])) as Record<ReaderName, To>;
}

// Usage of an organization that nobody registered waits in suspense: it is compared like any other.
function isUnknown(readings: Readings): boolean {
  return READERS.every(
    (name) => readings[name].spentFemto === null && readings[name].requests === 0n,
  );
}
