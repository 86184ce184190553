import { Controller, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { DescribeAnswers, DescribeBody } from '#libs/http/described.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { formatInstant } from '#libs/time/instant.js';
import { CatalogCommands } from '../store/catalog-commands.js';
import { FactPositions } from '../store/fact-positions.js';
import { assertUnbound } from './api-keys.controller.js';
import { PublishQuery } from './catalog.dto.js';
import { CATALOG_ANSWERS, CATALOG_BODY } from './catalog-schemas.js';
import { sentDocument } from './catalog-body.js';
import { requestKeyOf } from './request-key.js';

@Controller('v1/catalog')
export class CatalogController {
  constructor(
    private readonly commands: CatalogCommands,
    private readonly positions: FactPositions,
  ) {}

  /** Publishes a catalog version (201), or with `dry_run=true` only checks it (200). */
  @Post()
  @Idempotent()
  @RequireScope('admin')
  @DescribeBody(CATALOG_BODY)
  @DescribeAnswers(CATALOG_ANSWERS)
  async publish(
    @Query() query: PublishQuery,
    @Req() request: FastifyRequest,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    assertUnbound(caller);
    const isDryRun = query.dry_run;
    const sent = sentDocument(request);
    const requestKey = isDryRun ? null : requestKeyOf(request, sent.bytes);
    const published = await this.commands.publish(sent, isDryRun, requestKey);
    const { catalog, changes, topic, factId } = published;
    reply.status(factId === null ? 200 : 201);
    return {
      version: catalog.version,
      effective_from: formatInstant(catalog.effectiveFrom),
      dry_run: isDryRun,
      position: factId === null ? null : await this.positions.of({ topic, factId }),
      changes,
    };
  }
}
