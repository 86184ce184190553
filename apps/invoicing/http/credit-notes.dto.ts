// The body and the parameters of credit notes.
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { Describe, IsOrganizationId } from '#libs/http/fields.js';
import { PageQuery } from '#libs/http/page.js';

export class CreditNoteBody {
  @Describe('Each `{line, amount}` or `{line, quantity}`: what to take back of a line.')
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  lines!: unknown[];

  @Describe('Why; it is printed on the note.')
  @IsString()
  @MaxLength(500)
  @Matches(/\S/, { message: 'must not be empty' })
  reason!: string;
}

export class CreditNotesQuery extends PageQuery {
  @Describe('Only of this organization; with a bound key, its own.')
  @IsOptional()
  @IsOrganizationId()
  organization?: string;

  @Describe('Only of the invoice with this number.')
  @IsOptional()
  @IsString()
  @MaxLength(100)
  invoice?: string;
}
