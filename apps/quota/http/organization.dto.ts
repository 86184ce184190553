// The parameters of quota's questions about one organization.
import { IsOptional, Length } from 'class-validator';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { Describe, IsMonthText } from '#libs/http/fields.js';

export class LimitsQuery extends AtLeastQuery {
  @Describe('Only this model.')
  @IsOptional()
  @Length(1, 256)
  model?: string;
}

export class SpendQuery extends AtLeastQuery {
  @Describe('A calendar month (UTC); the current one when absent.')
  @IsOptional()
  @IsMonthText()
  period?: string;
}
