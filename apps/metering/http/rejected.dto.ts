// The parameters of GET /v1/rejected.
import { IsIn, IsOptional } from 'class-validator';
import { DOOR_REASONS } from '#libs/events/rejection.js';
import { AtLeastPageQuery } from '#libs/http/at-least.js';
import { Describe, IsInstantText, IsOrganizationId } from '#libs/http/fields.js';

/** Every reason there is: the door's closed list, and what only metering can see. */
export const REASONS = [...DOOR_REASONS, 'conflict', 'unknown_original'] as const;

export class RejectedQuery extends AtLeastPageQuery {
  @IsOptional()
  @IsOrganizationId()
  @Describe('The organization of the key when absent; with a key that is bound to none, all')
  organization?: string;

  @IsOptional()
  @IsIn(REASONS)
  reason?: (typeof REASONS)[number];

  @IsOptional()
  @IsInstantText()
  @Describe('Refused at or after this instant')
  from?: string;
}
