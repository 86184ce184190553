// The words of a refusal. Worked out only after the compiled check has failed, so they cost the good events nothing.
import type { TSchema } from '@sinclair/typebox';
import { Errors, ValueErrorType, type ValueError } from '@sinclair/typebox/errors';
import type { DoorReason, Refusal } from './rejection.js';
import type { Rule } from './usage-schema.js';

export interface Fault {
  readonly reason: DoorReason;
  readonly pointer: string;
  readonly detail: string;
}

/** The compiled check and the schema disagree, which the property tests rule out; the gate does not throw even so. */
export const UNEXPLAINED: Fault = {
  reason: 'invalid_cloudevent',
  pointer: '',
  detail: 'the event breaks the schema',
};

/** Adds the event's id, where it has one that can be shown. */
export function refusal(fault: Fault, raw?: unknown): { readonly refusal: Refusal } {
  const { reason, pointer, detail } = fault;
  const id = typeof raw === 'object' && raw !== null ? (raw as { id?: unknown }).id : null;
  const named = typeof id === 'string' ? id.slice(0, 256) : null;
  return { refusal: { reason, pointer, detail, id: named } };
}

/** Names the first field that breaks the schema: what is missing, then what is unknown, then what is wrong. */
export function schemaFault(schema: TSchema, raw: unknown): Fault {
  const error = innermost(Errors(schema, raw).First());
  if (!error) return UNEXPLAINED;
  const pointer = error.path;
  const field = pointer === '' ? 'the event' : pointer.slice(1).replaceAll('/', '.');
  if (error.type === ValueErrorType.ObjectRequiredProperty || isUnset(error))
    return { reason: 'missing_field', pointer, detail: `${field} is missing` };
  if (error.type === ValueErrorType.ObjectAdditionalProperties)
    return { reason: 'unknown_field', pointer, detail: `${cut(field)} is not a field` };
  const { reason, rule } = error.schema as unknown as Rule;
  return { reason, pointer, detail: `${field} must be ${rule}, not ${shown(error.value)}` };
}

// "null or X" fails as a whole; what is wrong is what X says.
function innermost(error: ValueError | undefined): ValueError | undefined {
  if (error?.type !== ValueErrorType.Union || error.value === null) return error;
  const [, inner] = error.errors;
  const said = error.errors.length === 2 ? inner?.First() : undefined;
  return said ? innermost(said) : error;
}

/** A value as it can be shown in one line of a refusal. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  // Such a number was rounded when it was read: what would be shown is not what was sent.
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)
    return 'a number beyond 2^53';
  if (typeof value === 'object' && value !== null) return 'an object';
  return cut(JSON.stringify(value) ?? String(value));
}

// Optional fields take null for absent, so a null that fails is a required field that is unset, or a quantity.
function isUnset(error: ValueError): boolean {
  return error.value === null && (error.schema as unknown as Rule).reason !== 'invalid_quantity';
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
