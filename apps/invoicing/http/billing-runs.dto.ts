// What a billing run is asked for.
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional } from 'class-validator';
import { Describe, IsMonthText } from '#libs/http/fields.js';

export class BillingRunBody {
  @Describe('The calendar month (UTC) to close: 2026-11.')
  @IsMonthText()
  period!: string;

  @Describe('Only these organizations; everyone when absent.')
  @IsOptional()
  @IsArray({ message: 'must be a list of organizations' })
  @ArrayMinSize(1, { message: 'must name at least one organization, or be left out' })
  @ArrayMaxSize(10_000)
  organizations?: string[];
}
