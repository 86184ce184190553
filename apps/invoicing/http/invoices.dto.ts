// The parameters of invoices and drafts.
import { IsIn, IsOptional } from 'class-validator';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { Describe, IsMonthText, IsOrganizationId } from '#libs/http/fields.js';
import { PageQuery } from '#libs/http/page.js';

export const INVOICE_STATES = ['draft', 'parked', 'issued', 'paid', 'void'] as const;

export class UpcomingQuery extends AtLeastQuery {
  @Describe('A calendar month (UTC); the current one when absent.')
  @IsOptional()
  @IsMonthText()
  period?: string;
}

export class InvoicesQuery extends PageQuery {
  @Describe('Only of this organization; with a bound key, its own.')
  @IsOptional()
  @IsOrganizationId()
  organization?: string;

  @Describe('Only of this calendar month (UTC).')
  @IsOptional()
  @IsMonthText()
  period?: string;

  @Describe(
    'Only in this state. Parked ones and drafts have no number and are listed only so; drafts are of `period`, or of the current month.',
  )
  @IsOptional()
  @IsIn(INVOICE_STATES, { message: `must be one of ${INVOICE_STATES.join(', ')}` })
  state?: (typeof INVOICE_STATES)[number];
}
