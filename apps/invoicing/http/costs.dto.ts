// The parameters of GET /v1/organization/costs, named as OpenAI names them.
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { Describe, IsListOf } from '#libs/http/fields.js';
import { COST_GROUPS, type CostGroup } from '../domain/openai-costs.js';

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

export class CostsQuery extends AtLeastQuery {
  @IsInt()
  @Min(0)
  @Max(LAST_SECOND)
  @Describe('Unix seconds; the day (UTC) that holds it is the first')
  start_time!: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LAST_SECOND)
  @Describe('Unix seconds, exclusive; now when absent')
  end_time?: number;

  @IsOptional()
  @IsIn(['1d'], { message: 'must be 1d: costs are by the day' })
  bucket_width = '1d' as const;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(180)
  @Describe('Days a page')
  limit: number = 7;

  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  page?: string;

  @IsOptional()
  @IsListOf(COST_GROUPS)
  group_by?: CostGroup[];

  @IsOptional()
  @IsListOf()
  project_ids?: string[];

  @IsOptional()
  @IsListOf()
  @Describe('Only these line items, as group_by=line_item names them')
  line_items?: string[];
}
