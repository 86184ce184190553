// The parameters of the public catalog.
import { IsOptional } from 'class-validator';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { Describe, IsInstantText } from '#libs/http/fields.js';

export class CatalogQuery extends AtLeastQuery {
  @Describe('In force at this instant instead of now.')
  @IsOptional()
  @IsInstantText()
  at?: string;
}

export class CatalogVersionQuery extends AtLeastQuery {}

export class CatalogVersionsQuery extends AtLeastQuery {
  @Describe('Only versions published at or after this instant.')
  @IsOptional()
  @IsInstantText()
  since?: string;
}
