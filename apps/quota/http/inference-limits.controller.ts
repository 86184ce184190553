// Tiers, limits and prices as a public, versioned document that machines read; no key is needed.
import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '#libs/http/auth.js';
import { notFound } from '#libs/http/problem.js';
import { QuotaReader } from '../store/quota-reader.js';
import { inferenceLimitsView } from './inference-limits.view.js';

@Controller('.well-known')
export class InferenceLimitsController {
  constructor(private readonly reader: QuotaReader) {}

  /** The catalog in force now; 404 `no_catalog` before the first was published. */
  @Get('inference-limits.json')
  @Header('cache-control', 'public, max-age=60')
  @Public()
  async inForce() {
    const found = await this.reader.catalogs();
    if (!found) throw notFound('no_catalog', 'No catalog has been published yet.');
    return inferenceLimitsView(found.inForce, found.versions);
  }
}
