import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { Describe, IsInstantText } from '#libs/http/fields.js';

/** Why a rate is not charged. */
export class ExemptionBody {
  @IsIn(['reverse_charge', 'exempt'])
  @Describe('reverse_charge: the customer owes the tax himself; exempt: nobody does.')
  kind!: 'reverse_charge' | 'exempt';

  @IsString()
  @Length(1, 300)
  @Describe('Printed on each document: the article or the certificate.')
  reason!: string;
}

export class TaxRateBody {
  @IsString()
  @Length(1, 60)
  name!: string;

  @IsString()
  @Describe('"19" is 19 %: from 0 to 100 with at most 6 places.')
  percent!: string;

  @IsString()
  @Length(1, 60)
  @Describe('Where it is owed: DE, US-NY.')
  jurisdiction!: string;

  @IsOptional()
  @IsIn(['exclusive', 'inclusive'])
  @Describe('exclusive (when absent): on top of prices. inclusive: prices contain it.')
  behavior?: 'exclusive' | 'inclusive' | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => ExemptionBody)
  exemption?: ExemptionBody | null;
}

/** Body of PUT …/tax. */
export class TaxBody {
  @IsArray()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => TaxRateBody)
  @Describe('Each on the same amount, none on another; an empty list: nothing is taxed.')
  rates!: TaxRateBody[];

  @IsOptional()
  @IsInstantText()
  @Describe('Any instant, past ones too; when absent, at once. Issued documents stay as they are.')
  effective_from?: string | null;
}
