import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
} from 'class-validator';
import { type Scope, SCOPES } from '#libs/events/account-facts.js';
import { Describe, IsInstantText } from '#libs/http/fields.js';

/** Body of POST …/api-keys. */
export class ApiKeyBody {
  @IsString()
  @Length(1, 200)
  name!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  scopes!: Scope[];

  @IsOptional()
  @IsInstantText()
  @Describe('When absent, the key does not expire.')
  expires_at?: string | null;
}
