// Usage that waits for an account or a price.
import { Controller, Get, Query } from '@nestjs/common';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { decodeCursor, pageOf } from '#libs/http/page.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { formatInstant } from '#libs/time/instant.js';
import { positionOf, type Suspended, type SuspensePosition } from '../domain/suspense.js';
import { SuspenseQueryStore } from '../store/suspense-query.store.js';
import { SuspenseQuery } from './suspense.dto.js';

@Controller('v1/suspense')
export class SuspenseController {
  constructor(
    private readonly suspense: SuspenseQueryStore,
    private readonly positions: PositionStore,
  ) {}

  /**
   * One row per kind of usage; `from` to `to` spans the hours of it that wait. It is counted, and waits for the organization to be
   * registered (`unknown_organization`) or for a price row (`unpriced`); once that is there, it is gone from here.
   */
  @Get()
  @RequireScope('usage:read', 'ops')
  async find(@Query() query: SuspenseQuery, @CurrentCaller() caller: Caller) {
    const organization = query.organization ?? caller.organization;
    if (organization !== null) assertMayRead(caller, organization);
    const after = positionIn(query.cursor);
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const found = await this.suspense.find({
      ...(organization !== null && { organization }),
      ...(after && { after }),
      limit: query.limit + 1,
    });
    const { data, next_cursor } = pageOf(found, query.limit, positionOf);
    return { data: data.map(suspendedView), next_cursor, as_of };
  }
}

function positionIn(cursor: string | undefined): SuspensePosition | undefined {
  return cursor === undefined ? undefined : decodeCursor<SuspensePosition>(cursor, isPosition);
}

function isPosition(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length === 5 && value.every((part) => typeof part === 'string')
  );
}

function suspendedView(row: Suspended) {
  return {
    organization: row.organization,
    reason: row.reason,
    model: row.model,
    service_tier: row.serviceTier,
    adapter: row.adapter,
    quantity: row.quantity,
    units: row.units,
    from: formatInstant(row.from),
    to: formatInstant(row.to),
    requests: row.requests,
  };
}
