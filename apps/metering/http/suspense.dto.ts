// The parameters of GET /v1/suspense.
import { IsOptional } from 'class-validator';
import { AtLeastPageQuery } from '#libs/http/at-least.js';
import { Describe, IsOrganizationId } from '#libs/http/fields.js';

export class SuspenseQuery extends AtLeastPageQuery {
  @IsOptional()
  @IsOrganizationId()
  @Describe('The organization of the key when absent; with a key that is bound to none, all')
  organization?: string;
}
