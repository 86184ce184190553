// Prices and tiers, for everyone: the published documents, as JSON or as the bytes that were published.
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CatalogStore, type PublishedDocument } from '#libs/catalog/catalog.store.js';
import { Public } from '#libs/http/auth.js';
import { matchesEtag } from '#libs/http/etag.js';
import { toInstant } from '#libs/http/fields.js';
import { notFound } from '#libs/http/problem.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import { formatInstant } from '#libs/time/instant.js';
import { negotiate } from './accept.js';
import { BillingClock } from './billing-clock.js';
import { CatalogFeed } from './catalog-feed.js';
import { CatalogQuery, CatalogVersionQuery, CatalogVersionsQuery } from './catalog.dto.js';

const JSON_TYPE = 'application/json';

interface Wanted {
  readonly accept?: string;
  readonly 'if-none-match'?: string;
}

@Controller('v1/catalog')
@Public()
export class CatalogController {
  constructor(
    private readonly catalogs: CatalogStore,
    private readonly positions: PositionStore,
    private readonly time: BillingClock,
    private readonly feed: CatalogFeed,
  ) {}

  /** The version in force now, or at another instant; 404 `no_catalog` before the first was published. */
  @Get()
  async inForce(
    @Query() query: CatalogQuery,
    @Headers() wanted: Wanted,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const at = query.at === undefined ? this.time.now() : toInstant(query.at, '?at');
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const catalog = await this.catalogs.at(at);
    const document = catalog && (await this.catalogs.document(catalog.version));
    if (!document) throw notFound('no_catalog', 'No catalog has been published yet.');
    void reply.header('cache-control', 'public, max-age=60');
    return answer(document, wanted, reply);
  }

  /** Every version, in force or to come, by the time from which it is, with what it changed against the one before it. */
  @Get('versions')
  async versions(@Query() query: CatalogVersionsQuery) {
    const since = query.since === undefined ? undefined : toInstant(query.since, '?since');
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const as_of = await this.positions.asOf();
    const found = await this.catalogs.list(since);
    const changes = await this.feed.changes();
    return {
      data: found.map((version) => ({
        version: version.version,
        effective_from: formatInstant(version.effectiveFrom),
        published_at: formatInstant(version.recordedAt),
        media_type: version.mediaType,
        etag: `"${version.etag}"`,
        ...(changes.get(version.version) ?? { follows: null, changes: [] }),
      })),
      next_cursor: null,
      as_of,
    };
  }

  /** One version; it never changes. */
  @Get(':version')
  async version(
    @Param('version') version: string,
    @Query() query: CatalogVersionQuery,
    @Headers() wanted: Wanted,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.positions.waitFor(query.at_least, query.wait_ms ?? 0);
    const document = await this.catalogs.document(version);
    if (!document)
      throw notFound('unknown_catalog_version', `There is no catalog version ${version}.`);
    void reply.header('cache-control', 'public, max-age=31536000, immutable');
    return answer(document, wanted, reply);
  }
}

// A document published as JSON is served as published; one in YAML also as JSON, which is another representation: another tag.
function answer(document: PublishedDocument, wanted: Wanted, reply: FastifyReply) {
  const { mediaType } = document;
  const type = negotiate(wanted.accept, [
    JSON_TYPE,
    ...(mediaType === JSON_TYPE ? [] : [mediaType]),
  ]);
  const etag = type === mediaType ? `"${document.etag}"` : `"${document.etag}-json"`;
  void reply
    .header('etag', etag)
    .header('vary', 'accept')
    .header('meterbook-catalog-version', document.version);
  if (matchesEtag(wanted['if-none-match'], etag)) {
    void reply.status(304);
    return undefined;
  }
  if (type === mediaType) {
    void reply.type(`${type}; charset=utf-8`);
    return document.bytes;
  }
  const parsed = parseCatalogText(document.bytes.toString('utf8'), mediaType);
  // What cannot be parsed was refused when it was folded.
  return 'catalog' in parsed ? parsed.document : undefined;
}
