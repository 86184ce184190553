// Bodies of what is done to an issued invoice.
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Describe, IsInstantText, IsMoneyText } from '#libs/http/fields.js';

export class PaymentBody {
  @Describe('In the currency of the invoice, at most what is due.')
  @IsMoneyText()
  amount!: string;

  @Describe(
    'Where given, it must be the currency of the invoice: 422 `wrong_currency` for any other.',
  )
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'must be a currency of ISO 4217 such as USD' })
  currency?: string;

  @Describe('When the money came.')
  @IsInstantText()
  paid_at!: string;

  @Describe('The id of the transfer: one payment per reference and invoice.')
  @IsString()
  @MaxLength(200)
  @Matches(/\S/, { message: 'must not be empty' })
  reference!: string;
}

export class VoidBody {
  @Describe('Why, for the books.')
  @IsString()
  @MaxLength(500)
  @Matches(/\S/, { message: 'must not be empty' })
  reason!: string;
}
