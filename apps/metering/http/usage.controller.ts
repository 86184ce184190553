// How much was used: pools and requests per window and group.
import { Controller, Get, Query } from '@nestjs/common';
import { type Caller, CurrentCaller, organizationOf, RequireScope } from '#libs/http/auth.js';
import { toInstant } from '#libs/http/fields.js';
import { decodeCursor, pageOf } from '#libs/http/page.js';
import { invalidField } from '#libs/http/problem.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { hourOf } from '#libs/time/instant.js';
import {
  type BucketedRange,
  type Group,
  GROUPS,
  isUsagePosition,
  type UsagePosition,
} from '../domain/usage-query.js';
import { UsageQueryStore } from '../store/usage-query.store.js';
import { UsageQuery } from './usage.dto.js';
import { usageView } from './usage.view.js';

@Controller('v1/usage')
export class UsageController {
  constructor(
    private readonly usage: UsageQueryStore,
    private readonly positions: PositionStore,
  ) {}

  /** Rows in the order of `from`, then group; `from` and `to` are whole UTC hours, the finest that is kept. */
  @Get()
  @RequireScope('usage:read')
  async find(@Query() query: UsageQuery, @CurrentCaller() caller: Caller) {
    const organization = organizationOf(caller, query.organization);
    const range = rangeOf(query);
    const groupBy = GROUPS.filter((name) => query.group_by?.includes(name));
    const after = positionIn(query.cursor, groupBy.length);
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const found = await this.usage.find({
      organization,
      ...range,
      groupBy,
      only: onlyIn(query),
      ...(after && { after }),
      limit: query.limit + 1,
    });
    const { data, next_cursor } = pageOf(found, query.limit, ({ position }) => position);
    return { data: data.map((sums) => usageView(sums, range)), next_cursor, as_of };
  }
}

function rangeOf(query: UsageQuery): BucketedRange {
  const from = toHour(query.from, '?from');
  const to = toHour(query.to, '?to');
  if (to <= from) throw invalidField('?to', 'must be after from');
  return { from, to, ...(query.window && { window: query.window }) };
}

function toHour(text: string, pointer: string): number {
  const at = toInstant(text, pointer);
  if (hourOf(at) !== at)
    throw invalidField(pointer, 'must be the start of a UTC hour: usage is kept by the hour');
  return at;
}

function onlyIn(query: UsageQuery): Partial<Record<Group, readonly string[]>> {
  const given = GROUPS.flatMap((name) =>
    query[name] === undefined ? [] : [[name, [query[name]]] as const],
  );
  return Object.fromEntries(given);
}

function positionIn(cursor: string | undefined, groups: number): UsagePosition | undefined {
  if (cursor === undefined) return undefined;
  return decodeCursor<UsagePosition>(cursor, (value) => isUsagePosition(value, groups));
}
