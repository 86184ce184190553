import { IsBoolean, IsOptional } from 'class-validator';
import { Describe } from '#libs/http/fields.js';

/** Query of POST /v1/catalog. */
export class PublishQuery {
  @IsOptional()
  @IsBoolean()
  @Describe('true: check the document and show what it changes, publish nothing.')
  dry_run: boolean = false;
}
