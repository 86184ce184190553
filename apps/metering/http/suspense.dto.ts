// The parameters of GET /v1/suspense.
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { Describe, IsOrganizationId } from '#libs/http/fields.js';

export class SuspenseQuery extends AtLeastQuery {
  @IsOptional()
  @IsOrganizationId()
  @Describe('The organization of the key when absent; with a key that is bound to none, all')
  organization?: string;

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
