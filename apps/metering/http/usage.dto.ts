// The parameters of GET /v1/usage.
import { IsIn, IsOptional, Matches } from 'class-validator';
import { AtLeastPageQuery } from '#libs/http/at-least.js';
import { Describe, IsInstantText, IsListOf, IsOrganizationId } from '#libs/http/fields.js';
import { SERVICE_TIERS, type ServiceTier } from '#libs/events/quantities.js';
import { type Group, GROUPS, type Window, WINDOWS } from '../domain/usage-query.js';

// Also empty: usage without that name. No name has a control character, and a NUL is more than Postgres takes.
const ONE_LINE = /^\P{Cc}{0,256}$/u;
const ONE_LINE_WANTED = { message: 'must be at most 256 characters without control characters' };

/** Query of GET /v1/usage. */
export class UsageQuery extends AtLeastPageQuery {
  @IsOptional()
  @IsOrganizationId()
  @Describe('Needed with a key that is bound to no organization')
  organization?: string;

  @IsInstantText()
  @Describe('Start of a UTC hour')
  from!: string;

  @IsInstantText()
  @Describe('Start of a UTC hour, exclusive')
  to!: string;

  @IsOptional()
  @IsIn(WINDOWS)
  @Describe('UTC hours, days or months, cut to the range; one row per group when absent')
  window?: Window;

  @IsOptional()
  @IsListOf(GROUPS)
  group_by?: Group[];

  @IsOptional()
  @Matches(ONE_LINE, ONE_LINE_WANTED)
  model?: string;

  @IsOptional()
  @Matches(ONE_LINE, ONE_LINE_WANTED)
  @Describe('Empty: usage that names no project')
  project?: string;

  @IsOptional()
  @IsIn(SERVICE_TIERS)
  service_tier?: ServiceTier;

  @IsOptional()
  @Matches(ONE_LINE, ONE_LINE_WANTED)
  @Describe('Empty: usage without an adapter')
  adapter?: string;

  @IsOptional()
  @Matches(ONE_LINE, ONE_LINE_WANTED)
  @Describe('Empty: usage that names no API key')
  api_key?: string;
}
