// The parameters of GET /v1/sequence-gaps.
import { IsOptional, IsString, Matches } from 'class-validator';
import { AtLeastPageQuery } from '#libs/http/at-least.js';
import { Describe } from '#libs/http/fields.js';

export class SequenceGapsQuery extends AtLeastPageQuery {
  @IsOptional()
  @Matches(/^\P{Cc}{1,256}$/u, {
    message: 'must be a text of 1 to 256 characters without control characters',
  })
  @Describe(
    'This source, also when it misses nothing; every source that misses something when absent',
  )
  source?: string;

  @IsOptional()
  @IsString()
  @Describe('A sequence number that should be there, or an instant: sources heard of since then')
  from?: string;

  @IsOptional()
  @IsString()
  @Describe('Exclusive: the number after the last that should be there, or an instant')
  to?: string;
}
