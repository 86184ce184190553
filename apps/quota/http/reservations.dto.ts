// Bodies of the reservation routes. Names are visible characters; counts are whole numbers up to 2^53 − 1.
import { IsIn, IsInt, IsObject, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { SERVICE_TIERS, type ServiceTier } from '#libs/events/quantities.js';
import { Describe, IsCount, IsOrganizationId } from '#libs/http/fields.js';

const NAME = /^[^\p{Cc}\p{Cs}]{1,256}$/u;
const NAMED = { message: 'must be 1 to 256 characters without control characters' };
/** A day: longer work reports itself through extend. */
const MAX_TTL_SECONDS = 86_400;

class Measures {
  @Describe('Milliseconds of audio.')
  @IsOptional()
  @IsCount()
  audio_ms?: number | null;

  @IsOptional()
  @IsCount()
  characters?: number | null;

  @IsOptional()
  @IsCount()
  images?: number | null;

  @IsOptional()
  @IsCount()
  searches?: number | null;
}

/** Body of POST /v1/reservations. */
export class ReservationBody extends Measures {
  @Describe(
    'Your name for the attempt: while its reservation lives, the same name gives the same reservation.',
  )
  @IsString()
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'must be 1 to 128 visible ASCII characters' })
  request_id!: string;

  @Describe('The organization of the key when absent; needed with a key that is bound to none.')
  @IsOptional()
  @IsOrganizationId()
  organization?: string | null;

  @Matches(/^[!-~]{1,256}$/, { message: 'must be 1 to 256 visible ASCII characters' })
  model!: string;

  @IsOptional()
  @IsString()
  @Matches(NAME, NAMED)
  project?: string | null;

  @IsOptional()
  @IsString()
  @Matches(NAME, NAMED)
  api_key?: string | null;

  @IsOptional()
  @IsIn(SERVICE_TIERS)
  service_tier?: ServiceTier | null;

  @IsOptional()
  @IsString()
  @Matches(NAME, NAMED)
  adapter?: string | null;

  @Describe('Estimated input, cached tokens included.')
  @IsCount()
  input_tokens!: number;

  @Describe("The most that may be generated; the model's own maximum when absent.")
  @IsOptional()
  @IsCount()
  max_output_tokens?: number | null;

  @Describe('How long it is held without a word; 600 when absent.')
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_TTL_SECONDS)
  ttl_seconds?: number | null;
}

/** Body of POST …/extend. */
export class ExtendBody extends Measures {
  @Describe('Usage so far by token pool; never less than the last report.')
  @IsOptional()
  @IsObject()
  tokens?: Record<string, unknown> | null;

  @IsOptional()
  @IsCount()
  max_output_tokens?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_TTL_SECONDS)
  ttl_seconds?: number | null;
}

/** Body of POST …/settle. */
export class SettleBody extends Measures {
  @Describe('What was used, by token pool.')
  @IsObject()
  tokens!: Record<string, unknown>;
}
