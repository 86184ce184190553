// The parameters of reconciliation.
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { Describe, IsMonthText, IsOrganizationId } from '#libs/http/fields.js';

export class ReconciliationQuery extends AtLeastQuery {
  @Describe("The key's own organization when absent.")
  @IsOptional()
  @IsOrganizationId()
  organization?: string;

  @Describe('A calendar month (UTC); the current one when absent.')
  @IsOptional()
  @IsMonthText()
  period?: string;

  @Describe('How long to wait until all three have read equally far, ms.')
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(30_000)
  override wait_ms?: number = 5_000;
}
