import { IsOptional } from 'class-validator';
import { IsOrganizationId } from '#libs/http/fields.js';

/** Query of GET /events. */
export class LiveQuery {
  /** Needed with a key that is bound to no organization. */
  @IsOptional()
  @IsOrganizationId()
  organization?: string;
}
