// Checks bodies and query strings against their DTO; each fault becomes a field error with a pointer.
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { isList } from './fields.js';
import { type FieldError, invalidRequest } from './problem.js';
import { type Dto, fieldsOf } from './route-shape.js';

/** A DTO parameter of a handler: anything with a class of our own. */
export class ContractValidationPipe implements PipeTransform {
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (!metatype || !['body', 'query', 'param'].includes(type) || NATIVE.has(metatype))
      return value;
    const dto = metatype as Dto;
    if (type === 'param') return checked(value as object, dto, '/');
    if (type === 'body') return checked(plainBody(value), dto, '/');
    return checked(readQuery((value ?? {}) as Record<string, unknown>, dto), dto, '?');
  }
}

const NATIVE = new Set<unknown>([String, Number, Boolean, Array, Object, Buffer]);

function plainBody(value: unknown): object {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw invalidRequest([
      { pointer: '', code: 'invalid_value', detail: 'the body must be a JSON object' },
    ]);
  return value;
}

function checked(plain: object, dto: Dto, root: '/' | '?'): object {
  const instance = plainToInstance(dto, plain, { exposeDefaultValues: true });
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false },
  });
  if (errors.length > 0) throw invalidRequest(errors.flatMap((error) => fieldErrors(error, root)));
  return instance;
}

function fieldErrors(error: ValidationError, path: string): FieldError[] {
  const pointer = path + error.property.replaceAll('~', '~0').replaceAll('/', '~1');
  const rules = Object.entries(error.constraints ?? {});
  // Of something of the wrong kind the kind is told, not that it is also too large.
  const told = rules.find(([rule]) => KINDS.has(rule)) ?? rules[0];
  return [
    ...(told ? [describe(told, error, pointer)] : []),
    ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${pointer}/`)),
  ];
}

const KINDS = new Set([
  'whitelistValidation',
  'isInt',
  'isNumber',
  'isBoolean',
  'isString',
  'isArray',
]);

function describe(
  [rule, message]: readonly [string, string],
  error: ValidationError,
  pointer: string,
): FieldError {
  if (rule === 'whitelistValidation') {
    const isQuery = pointer.startsWith('?');
    return {
      pointer,
      code: isQuery ? 'unknown_parameter' : 'unknown_field',
      detail: isQuery ? 'is not a parameter of this route' : 'is not a field of this body',
    };
  }
  const isMissing = error.value === undefined;
  // class-validator's own texts begin with the property's name, ours do not.
  const detail = message.startsWith(`${error.property} `)
    ? message.slice(error.property.length + 1)
    : message;
  if (!isMissing) return { pointer, code: 'invalid_value', detail };
  const said = detail.startsWith('must ') ? `is missing: it ${detail}` : detail;
  return { pointer, code: 'missing_field', detail: said };
}

// Query strings are text: lists, numbers and booleans are read by the DTO's own declaration, never guessed. Names that no DTO of
// the route has were refused at its gate; those of another DTO of the same route are left to it.
function readQuery(query: Record<string, unknown>, dto: Dto): object {
  const read: Record<string, unknown> = {};
  for (const name of fieldsOf(dto)) {
    if (isList(dto, name)) {
      const given = [query[name] ?? [], query[`${name}[]`] ?? []].flat(2) as string[];
      const parts = given.flatMap((text) => text.split(','));
      if (given.length > 0) read[name] = [...new Set(parts)];
    } else if (query[name] !== undefined)
      read[name] = readScalar(
        query[name],
        Reflect.getMetadata('design:type', dto.prototype as object, name),
      );
  }
  return read;
}

function readScalar(value: unknown, wanted: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (wanted === Number && /^-?\d{1,16}(\.\d+)?$/.test(value)) return Number(value);
  if (wanted === Boolean && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
