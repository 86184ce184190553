// Checks bodies and query strings against their DTO; each fault becomes a field error with a pointer.
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { AT_LEAST_HEADER, AtLeastQuery } from './at-least.js';
import { isList } from './fields.js';
import { type FieldError, invalidRequest } from './problem.js';

type Dto = new () => object;

/** A DTO parameter of a handler: anything with a class of our own. */
export class ContractValidationPipe implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
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

async function checked(plain: object, dto: Dto, root: '/' | '?'): Promise<object> {
  const instance = plainToInstance(dto, plain, { exposeDefaultValues: true });
  const errors = await validate(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false },
  });
  if (errors.length > 0) throw invalidRequest(errors.flatMap((error) => fieldErrors(error, root)));
  return instance;
}

function fieldErrors(error: ValidationError, path: string): FieldError[] {
  const pointer = path + error.property.replaceAll('~', '~0').replaceAll('/', '~1');
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) =>
    describe(rule, message, error, pointer),
  );
  return [
    ...own.slice(0, 1),
    ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${pointer}/`)),
  ];
}

function describe(
  rule: string,
  message: string,
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
  return { pointer, code: isMissing ? 'missing_field' : 'invalid_value', detail };
}

// Query strings are text: lists, numbers and booleans are read by the DTO's own declaration, never guessed.
function readQuery(query: Record<string, unknown>, dto: Dto): object {
  const read: Record<string, unknown> = {};
  const repeated: FieldError[] = [];
  for (const [raw, value] of Object.entries(query)) {
    const name = raw.endsWith('[]') ? raw.slice(0, -2) : raw;
    if (isList(dto, name)) {
      const more = [value].flat().flatMap((text) => String(text).split(','));
      read[name] = [...new Set([...((read[name] as string[] | undefined) ?? []), ...more])];
    } else if (Array.isArray(value))
      repeated.push({
        pointer: `?${name}`,
        code: 'repeated_parameter',
        detail: 'is given more than once',
      });
    else
      read[raw] = readScalar(
        value,
        Reflect.getMetadata('design:type', dto.prototype as object, raw),
      );
  }
  if (repeated.length > 0) throw invalidRequest(repeated);
  const header = (query as Record<symbol, unknown>)[AT_LEAST_HEADER];
  if (header !== undefined && dto.prototype instanceof AtLeastQuery) read['at_least'] ??= header;
  return read;
}

function readScalar(value: unknown, wanted: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (wanted === Number && /^-?\d{1,16}(\.\d+)?$/.test(value)) return Number(value);
  if (wanted === Boolean && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
