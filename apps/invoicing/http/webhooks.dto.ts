import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import { Describe, IsOrganizationId } from '#libs/http/fields.js';
import { PageQuery } from '#libs/http/page.js';
import { WEBHOOK_TYPES, type WebhookType } from '../domain/webhook-types.js';

/** Body of POST /v1/webhooks. */
export class WebhookBody {
  @IsString()
  @MaxLength(2_000)
  @Describe('https, port 443 or 8443, a public address; no user name.')
  url!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(WEBHOOK_TYPES.length)
  @ArrayUnique()
  @IsIn(WEBHOOK_TYPES, { each: true })
  events!: WebhookType[];

  @IsOptional()
  @IsOrganizationId()
  @Describe('Of the key when absent; with a key bound to none: every organization.')
  organization?: string;
}

/** Query of GET /v1/webhooks. */
export class WebhookQuery extends PageQuery {
  @IsOptional()
  @IsOrganizationId()
  organization?: string;
}
