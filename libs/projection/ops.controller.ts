// The operator's view of a service's projections, and the three ways out of a halt (design section 3). Every verb is audited in
// the table `halt` with the key that did it.
import { Body, Controller, Get, HttpCode, Param, Post, type Provider } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type Caller, CurrentCaller, RequireScope } from '../http/auth.js';
import type { EventLog } from '../log/event-log.js';
import type { Clock } from '../time/instant.js';
import { type Act, Halts, type PartitionName } from './halts.js';
import { GapBody, NoteBody, PartitionPath, QuarantineBody } from './ops.dto.js';
import { type PartitionView, ProjectionOverview } from './overview.js';

/** What `OpsController` needs, for a module's providers; any pool of the service's database will do. */
export function opsProviders(parts: {
  readonly source: DataSource;
  readonly log: EventLog;
  readonly clock: Clock;
}): Provider[] {
  const { source, log, clock } = parts;
  return [
    { provide: Halts, useValue: new Halts(source, log, clock) },
    { provide: ProjectionOverview, useValue: new ProjectionOverview(source, log) },
  ];
}

@Controller('ops/projections')
@RequireScope('ops')
export class OpsController {
  constructor(
    private readonly halts: Halts,
    private readonly overview: ProjectionOverview,
  ) {}

  /** Position, lag, counters and halt of every partition that was ever claimed. */
  @Get()
  async list(): Promise<{ data: readonly PartitionView[]; next_cursor: null }> {
    return { data: await this.overview.all(), next_cursor: null };
  }

  /** Folds again from the same position, after the cause was removed. */
  @Post(':projection/:topic/:partition/retry')
  @HttpCode(200)
  async retry(
    @Param() path: PartitionPath,
    @Body() body: NoteBody,
    @CurrentCaller() caller: Caller,
  ): Promise<PartitionView | undefined> {
    const at = partitionOf(path);
    await this.halts.retry(at, actOf(body, caller));
    return this.overview.one(at);
  }

  /** Keeps one record out of the fold for good; its bytes stay in the table `quarantine`. */
  @Post(':projection/:topic/:partition/quarantine')
  @HttpCode(200)
  async quarantine(
    @Param() path: PartitionPath,
    @Body() body: QuarantineBody,
    @CurrentCaller() caller: Caller,
  ): Promise<PartitionView | undefined> {
    const at = partitionOf(path);
    await this.halts.quarantine(at, body.offset, actOf(body, caller));
    return this.overview.one(at);
  }

  /** Goes on behind offsets that the log does not have any more. */
  @Post(':projection/:topic/:partition/accept-gap')
  @HttpCode(200)
  async acceptGap(
    @Param() path: PartitionPath,
    @Body() body: GapBody,
    @CurrentCaller() caller: Caller,
  ): Promise<PartitionView | undefined> {
    const at = partitionOf(path);
    await this.halts.acceptGap(at, { from: body.from, to: body.to }, actOf(body, caller));
    return this.overview.one(at);
  }
}

function partitionOf({ projection, topic, partition }: PartitionPath): PartitionName {
  return { projection, topic, partition: Number(partition) };
}

function actOf(body: NoteBody, caller: Caller): Act {
  return { by: caller.keyId, note: body.note ?? null };
}
