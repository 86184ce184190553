import { Controller, Get, Query } from '@nestjs/common';
import { RequireScope } from '#libs/http/auth.js';
import { IsInstantText, toInstant } from '#libs/http/fields.js';
import { decodeCursor, PageQuery, pageOf, type Page } from '#libs/http/page.js';
import { invalidField } from '#libs/http/problem.js';
import { formatInstant } from '#libs/time/instant.js';
import { ControlTotalsStore, type StoredTotal } from '../store/control-totals.store.js';

class TotalsQuery extends PageQuery {
  @IsInstantText()
  from!: string;

  @IsInstantText()
  to!: string;
}

/** What ingest acknowledged in one minute on one partition of `usage.recorded`. */
interface TotalView {
  readonly minute: string;
  readonly partition: number;
  readonly events: bigint;
  readonly units: bigint;
  readonly digest: string;
  readonly processes: number;
}

@Controller('ops/control-totals')
export class ControlTotalsController {
  constructor(private readonly totals: ControlTotalsStore) {}

  /** Totals by minute and partition in [from, to), to hold against the log and against metering. */
  @Get()
  @RequireScope('ops')
  async list(@Query() query: TotalsQuery): Promise<Page<TotalView>> {
    const from = toInstant(query.from, '?from');
    const to = toInstant(query.to, '?to');
    if (to < from) throw invalidField('?to', 'must not be before from');
    const after = query.cursor ? decodeCursor<[number, number]>(query.cursor, isPlace) : null;
    const place = after && { minute: after[0], partition: after[1] };
    const found = await this.totals.list({ from, to }, place, query.limit + 1);
    const page = pageOf(found, query.limit, ({ minute, partition }) => [minute, partition]);
    return { data: page.data.map(toView), next_cursor: page.next_cursor };
  }
}

function toView(total: StoredTotal): TotalView {
  const { minute, partition, events, units, digest, processes } = total;
  const hex = digest.map((half) => half.toString(16).padStart(16, '0')).join('');
  return { minute: formatInstant(minute), partition, events, units, digest: hex, processes };
}

function isPlace(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger);
}
