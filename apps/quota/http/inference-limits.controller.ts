// Tiers, limits and prices as a public, signed, versioned document that machines read; no key is needed.
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '#libs/http/auth.js';
import { matchesEtag } from '#libs/http/etag.js';
import { toInstant } from '#libs/http/fields.js';
import { decodeCursor, pageOf } from '#libs/http/page.js';
import { notFound } from '#libs/http/problem.js';
import { InferenceLimitsQuery, LimitChangesQuery } from './inference-limits.dto.js';
import { versionView } from './inference-limits.view.js';
import { PublishedLimits } from './published-limits.js';

const CACHE = 'public, max-age=60';

@Controller('.well-known')
@Public()
export class InferenceLimitsController {
  constructor(private readonly published: PublishedLimits) {}

  /** The document in force now, or at another instant; 404 `no_catalog` before the first version was published. */
  @Get('inference-limits.json')
  async inForce(
    @Query() query: InferenceLimitsQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const at = query.at === undefined ? undefined : toInstant(query.at, '?at');
    const document = await this.published.at(at);
    if (!document) throw notFound('no_catalog', 'No catalog has been published yet.');
    void reply.headers({ 'cache-control': CACHE, etag: document.etag });
    if (!matchesEtag(known, document.etag)) return document.body;
    void reply.status(304);
    return undefined;
  }

  /** What each version changed, leaf by leaf, in the order of publication: a feed to poll with `since` or the cursor. */
  @Get('inference-limits/changes')
  async changes(
    @Query() query: LimitChangesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const since = query.since === undefined ? -Infinity : toInstant(query.since, '?since');
    const after = query.cursor === undefined ? '' : decodeCursor<string>(query.cursor, isVersion);
    const all = await this.published.changes();
    const first = all.findIndex(({ version }) => version === after) + 1;
    const wanted = all.slice(first).filter(({ recordedAt }) => recordedAt >= since);
    void reply.header('cache-control', CACHE);
    const page = pageOf(wanted, query.limit, ({ version }) => version);
    return {
      data: page.data.map(({ changes, ...version }) => ({ ...versionView(version), changes })),
      next_cursor: page.next_cursor,
    };
  }

  /** The public keys that verify signatures, those of earlier documents included, as a JSON Web Key Set (RFC 7517). */
  @Get('inference-limits/keys.json')
  async keys(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('cache-control', CACHE);
    return { keys: await this.published.keys.publicKeys() };
  }
}

const isVersion = (value: unknown): boolean => typeof value === 'string';
