// Whom work over many organizations is about: a billing run, a simulation.
import { assertMayRead, type Caller } from '#libs/http/auth.js';
import { ORGANIZATION_ID } from '#libs/http/fields.js';
import { type FieldError, invalidRequest } from '#libs/http/problem.js';

/**
 * The organizations of a body's `organizations`, each once; null is everyone. A bound key asks about its own only. Throws Problem
 * 400 that names each text which is no id, 404 for another's organization.
 */
export function requestedBy(caller: Caller, asked: readonly string[] | undefined): string[] | null {
  if (asked === undefined) return caller.organization === null ? null : [caller.organization];
  const errors: FieldError[] = asked.flatMap((organization: unknown, index) =>
    typeof organization === 'string' && ORGANIZATION_ID.test(organization)
      ? []
      : [
          {
            pointer: `/organizations/${index}`,
            code: 'invalid_value',
            detail: 'must be org_ and 1 to 60 of a-z, 0-9, "_" and "-"',
          },
        ],
  );
  if (errors.length > 0) throw invalidRequest(errors);
  for (const organization of asked) assertMayRead(caller, organization);
  return [...new Set(asked)];
}

/** Whether a caller may read work about these organizations: a bound key none but its own. */
export function mayReadAll({ organization }: Caller, requested: readonly string[] | null): boolean {
  if (organization === null) return true;
  return requested?.every((one) => one === organization) ?? false;
}
