// The parameters of GET /v1/usage.
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { Describe, IsInstantText, IsListOf, IsOrganizationId } from '#libs/http/fields.js';
import { type Group, GROUPS, type Window, WINDOWS } from '../domain/usage-query.js';

/** Query of GET /v1/usage. */
export class UsageQuery extends AtLeastQuery {
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
  @IsString()
  @MaxLength(256)
  model?: string;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  @Describe('Empty: usage that names no project')
  project?: string;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  service_tier?: string;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  @Describe('Empty: usage without an adapter')
  adapter?: string;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  @Describe('Empty: usage that names no API key')
  api_key?: string;

  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  cursor?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 100;
}
