// The parameters of the public document and its change feed.
import { IsOptional } from 'class-validator';
import { Describe, IsInstantText } from '#libs/http/fields.js';
import { PageQuery } from '#libs/http/page.js';

export class InferenceLimitsQuery {
  @Describe('The document in force at this instant; now when absent.')
  @IsOptional()
  @IsInstantText()
  at?: string;
}

export class LimitChangesQuery extends PageQuery {
  @Describe('Only versions published at or after this instant.')
  @IsOptional()
  @IsInstantText()
  since?: string;
}
