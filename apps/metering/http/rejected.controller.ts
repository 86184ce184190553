// What was refused for senders that do not listen, and what metering could not count.
import { Controller, Get, Query } from '@nestjs/common';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { toInstant } from '#libs/http/fields.js';
import { decodeCursor, pageOf } from '#libs/http/page.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { formatInstant } from '#libs/time/instant.js';
import { RejectedQueryStore, type RejectedRow } from '../store/rejected-query.store.js';
import { RejectedQuery } from './rejected.dto.js';

@Controller('v1/rejected')
export class RejectedController {
  constructor(
    private readonly rejected: RejectedQueryStore,
    private readonly positions: PositionStore,
  ) {}

  /**
   * In the order in which they were kept. A bound key sees what names its organization, which in a refused record is only what
   * the sender said. `position` is null where the door refused it before the log; `raw_base64` is at most 16 KiB of what came.
   */
  @Get()
  @RequireScope('ops', 'usage:read')
  async list(@Query() query: RejectedQuery, @CurrentCaller() caller: Caller) {
    const organization = query.organization ?? caller.organization;
    if (organization !== null) assertMayRead(caller, organization);
    const { reason, limit } = query;
    const from = query.from === undefined ? undefined : toInstant(query.from, '?from');
    const after = rowIn(query.cursor);
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const found = await this.rejected.list({
      ...(organization !== null && { organization }),
      ...(reason && { reason }),
      ...(from !== undefined && { from }),
      ...(after !== undefined && { after }),
      limit: limit + 1,
    });
    const { data, next_cursor } = pageOf(found, limit, ({ row }) => row);
    return { data: data.map(rejectedView), next_cursor, as_of };
  }
}

function rowIn(cursor: string | undefined): number | undefined {
  return cursor === undefined ? undefined : decodeCursor<number>(cursor, Number.isSafeInteger);
}

function rejectedView({ row: _row, raw, at, ...rest }: RejectedRow) {
  return { ...rest, at: formatInstant(at), raw_base64: raw.toString('base64') };
}
