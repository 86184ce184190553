// Which events of a node never came, by the numbers that it gives them.
import { Controller, Get, Query } from '@nestjs/common';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { decodeCursor, pageOf } from '#libs/http/page.js';
import { invalidField, Problem } from '#libs/http/problem.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { formatInstant, parseInstant } from '#libs/time/instant.js';
import {
  type SequenceGaps,
  type SequenceQuestion,
  SequenceQueryStore,
} from '../store/sequence-query.store.js';
import { SequenceGapsQuery } from './sequence-gaps.dto.js';

@Controller('v1/sequence-gaps')
export class SequenceGapsController {
  constructor(
    private readonly sequences: SequenceQueryStore,
    private readonly positions: PositionStore,
  ) {}

  /**
   * Missing ranges are half-open, as all ranges are: `{from: 4, to: 5}` is the number 4. They lie between the lowest and the
   * highest number that came, or between `from` and `to` where these are numbers; as instants they bound `since`, when the source
   * was last heard of. A source is nobody's: keys that are bound to an organization need the scope ops.
   */
  @Get()
  @RequireScope('ops', 'usage:read')
  async find(@Query() query: SequenceGapsQuery, @CurrentCaller() caller: Caller) {
    assertSeesSources(caller);
    const after = sourceIn(query.cursor);
    const question: SequenceQuestion = {
      ...(query.source !== undefined && { source: query.source }),
      ...boundsIn(query),
      ...(after !== undefined && { after }),
      limit: query.limit + 1,
    };
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const found = await this.sequences.gaps(question);
    const { data, next_cursor } = pageOf(found, query.limit, ({ source }) => source);
    return { data: data.map(gapsView), next_cursor, as_of };
  }
}

function assertSeesSources({ organization, scopes }: Caller): void {
  if (organization === null || scopes.includes('ops') || scopes.includes('admin')) return;
  throw new Problem(403, 'missing_scope', 'A key that is bound to an organization needs ops here.');
}

function sourceIn(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : decodeCursor<string>(cursor, isSource);
}

function isSource(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\0');
}

function boundsIn({ from, to }: SequenceGapsQuery): Partial<SequenceQuestion> {
  const low = boundOf(from, '?from');
  const high = boundOf(to, '?to');
  if (low !== undefined && high !== undefined && typeof low === typeof high && high <= low)
    throw invalidField('?to', 'must be after from');
  return {
    ...(typeof low === 'bigint' && { lowest: low }),
    ...(typeof high === 'bigint' && { above: high }),
    ...(typeof low === 'number' && { heardFrom: low }),
    ...(typeof high === 'number' && { heardBefore: high }),
  };
}

/** A bigint is a sequence number, a number an instant. */
function boundOf(text: string | undefined, pointer: string): bigint | number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  const at = parseInstant(text);
  if (at === undefined)
    throw invalidField(
      pointer,
      'must be a sequence number of at most 18 digits, or an RFC 3339 instant',
    );
  return at;
}

function gapsView({ source, missing, count, since }: SequenceGaps) {
  return { source, missing, missing_count: count, since: formatInstant(since) };
}
