// Whom a request in OpenAI's shape is about.
import { assertMayRead, type Caller } from './auth.js';
import { ORGANIZATION_ID } from './fields.js';
import { invalidField } from './problem.js';

/**
 * The key's own organization; with a key that is bound to none, the one in the header `openai-organization`. Throws Problem 400
 * when the header is needed and absent or no id, 404 for another organization than the key's.
 */
export function openAiOrganization(caller: Caller, asked: string | undefined): string {
  const organization = asked || caller.organization;
  if (!organization)
    throw invalidField(
      'openai-organization',
      'with a key that is bound to no organization send the header openai-organization',
      'missing_field',
    );
  assertMayRead(caller, organization);
  if (!ORGANIZATION_ID.test(organization))
    throw invalidField(
      'openai-organization',
      'the header openai-organization must be org_ and 1 to 60 of a-z, 0-9, "_" and "-"',
    );
  return organization;
}
