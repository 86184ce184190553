import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { SERVICE_TIERS, type ServiceTier } from '#libs/events/quantities.js';
import { Describe, IsInstantText, IsMoneyText } from '#libs/http/fields.js';

const EFFECTIVE_FROM =
  'A whole UTC hour at least ten minutes away; when absent, the next such hour.';

/** Body of PUT /v1/organizations/{id}. */
export class OrganizationBody {
  @IsString()
  @Length(1, 200)
  name!: string;

  @Matches(/^[A-Z]{3}$/, { message: 'must be a currency code such as USD' })
  @Describe('ISO 4217; the currency of the published catalog.')
  currency!: string;

  @IsString()
  @Length(1, 64)
  @Describe('A tier of the newest catalog; changed with POST …/tier.')
  tier!: string;

  @IsIn(['groq', 'openai'])
  @Describe("Whose wire the organization's refusals speak.")
  profile!: 'groq' | 'openai';

  @IsOptional()
  @IsString()
  @Length(1, 300)
  legal_name?: string | null;

  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  email?: string | null;

  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  address?: string | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  tax_ids?: string[] | null;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  @Describe('Shown beside instants; every period stays in UTC.')
  timezone_label?: string | null;
}

/** Body of POST …/tier. */
export class TierBody {
  @IsString()
  @Length(1, 64)
  tier!: string;

  @IsOptional()
  @IsInstantText()
  @Describe(EFFECTIVE_FROM)
  effective_from?: string | null;
}

/** Body of PUT …/spend-limit. */
export class SpendLimitBody {
  @ValidateIf((body: SpendLimitBody) => body.amount !== null)
  @IsMoneyText()
  @Describe('null lifts the limit.')
  amount!: string | null;

  @IsOptional()
  @IsIn(['hard', 'soft'])
  mode?: 'hard' | 'soft';

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(1_000, { each: true })
  @Describe('Percents of the amount at which to tell.')
  alerts?: number[];

  @IsOptional()
  @IsString()
  @Length(1, 128)
  project?: string | null;

  @IsOptional()
  @IsInstantText()
  @Describe('When absent, at once.')
  effective_from?: string | null;
}

/** Body of POST …/overrides; names and values of `prices`, `limits` and conditions are checked by the domain. */
export class OverrideBody {
  @ValidateIf((body: OverrideBody) => !hasConditions(body) || body.model != null)
  @IsString()
  @Length(1, 256)
  @Describe('Left out only where the override sets conditions for all usage and nothing else.')
  model?: string | null;

  @IsOptional()
  @IsIn(SERVICE_TIERS)
  service_tier?: ServiceTier | null;

  @IsOptional()
  @IsString()
  @Length(1, 256)
  @Describe('Limits of one project, below those of the organization; without prices.')
  project?: string | null;

  @IsOptional()
  @IsObject()
  @Describe('Pool → USD per million units, a decimal string, or a charge model of the catalog.')
  prices?: Record<string, unknown> | null;

  @IsOptional()
  @IsObject()
  @Describe('Limit → a whole number, or null for none.')
  limits?: Record<string, unknown> | null;

  @IsOptional()
  @IsString()
  @Describe('Percentage that comes off all usage; null lifts the tier’s.')
  discount_percent?: string | null;

  @IsOptional()
  @IsString()
  @Describe('What a month of usage costs at least; null lifts the tier’s.')
  minimum_commitment?: string | null;

  @IsOptional()
  @IsString()
  @Describe('What a month of usage costs at most; null lifts the tier’s.')
  maximum_charge?: string | null;

  @IsOptional()
  @IsInstantText()
  @Describe(`${EFFECTIVE_FROM} Without prices: any instant; when absent, at once.`)
  effective_from?: string | null;

  @IsOptional()
  @IsInstantText()
  effective_to?: string | null;
}

/** The fields of an override that are conditions for all usage. */
export const CONDITIONS = ['discount_percent', 'minimum_commitment', 'maximum_charge'] as const;

function hasConditions(body: OverrideBody): boolean {
  return CONDITIONS.some((name) => body[name] !== undefined);
}

/** Body of POST …/credits. */
export class CreditBody {
  @IsMoneyText()
  amount!: string;

  @IsOptional()
  @IsInstantText()
  expires_at?: string | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000)
  @Describe('Credits are used in ascending order of priority; 50 when absent.')
  priority?: number;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string | null;
}
