// The parameters of GET /v1/events: what names an event.
import { IsOptional, Matches } from 'class-validator';
import { AtLeastQuery } from '#libs/http/at-least.js';
import { Describe, IsOrganizationId } from '#libs/http/fields.js';

// As the gate has it; a line feed would also blur the three texts of an identity.
const NAME = /^\P{Cc}{1,256}$/u;
const WANTED = { message: 'must be a text of 1 to 256 characters without control characters' };

export class EventQuery extends AtLeastQuery {
  @IsOptional()
  @IsOrganizationId()
  @Describe('Needed with a key that is bound to no organization')
  organization?: string;

  @Matches(NAME, WANTED)
  source!: string;

  @Matches(NAME, WANTED)
  id!: string;
}
