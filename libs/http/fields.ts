// Field decorators for DTOs (class-validator underneath), and the conversions that go with them. DTOs keep texts as they came;
// a controller converts with `toInstant(query.from, '?from')` and friends.
import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsString,
  Length,
  Matches,
  ValidateBy,
} from 'class-validator';
import { parseMoney } from '../money/money.js';
import { parseInstant } from '../time/instant.js';
import { parseMonth, type Period } from '../time/month.js';
import { invalidField } from './problem.js';

export const ORGANIZATION_ID = /^org_[a-z0-9_-]{1,60}$/;

/** An RFC 3339 instant with a zone: `2026-11-24T09:30:00.120Z`. */
export function IsInstantText(): PropertyDecorator {
  return texts('isInstantText', 'an RFC 3339 instant such as 2026-11-24T09:30:00Z', parseInstant);
}

/** A calendar month: `2026-11`. */
export function IsMonthText(): PropertyDecorator {
  return texts('isMonthText', 'a month such as 2026-11', parseMonth);
}

/** `org_` and 1 to 60 of a-z, 0-9, `_` and `-`. */
export function IsOrganizationId(): PropertyDecorator {
  return Matches(ORGANIZATION_ID, {
    message: 'must be org_ and 1 to 60 of a-z, 0-9, "_" and "-"',
  });
}

/** A decimal string in currency units with at most 15 places, by default not negative: `"100.00"`. */
export function IsMoneyText(options: { readonly signed?: boolean } = {}): PropertyDecorator {
  const parse = (text: string): bigint | undefined => {
    const femto = moneyOf(text);
    return femto !== undefined && (options.signed || femto >= 0n) ? femto : undefined;
  };
  return texts('isMoneyText', 'a decimal string such as "12.50" with at most 15 places', parse);
}

/** A count: a JSON integer from `min` (0) to 2^53 − 1. */
export function IsCount(min = 0): PropertyDecorator {
  return ValidateBy({
    name: 'isCount',
    constraints: [min],
    validator: {
      validate: (value: unknown) => Number.isSafeInteger(value) && (value as number) >= min,
      defaultMessage: () => `must be a whole number from ${min} to ${Number.MAX_SAFE_INTEGER}`,
    },
  });
}

const LISTS = new WeakMap<object, Set<string>>();

/**
 * A query parameter that is a list, told as `name=a,b`, `name[]=a&name[]=b` or repeated; with `allowed`, only of those. The
 * property is a `string[]` without repeats.
 */
export function IsListOf(allowed?: readonly string[]): PropertyDecorator {
  const each = allowed
    ? IsIn(allowed, { each: true, message: `must be a list of ${allowed.join(', ')}` })
    : applyDecorators(IsString({ each: true }), Length(1, 256, { each: true }));
  return (target, name) => {
    const names = LISTS.get(target) ?? new Set<string>();
    LISTS.set(target, names.add(String(name)));
    applyDecorators(IsArray(), ArrayMaxSize(100), each)(target, name);
  };
}

/** Whether a property of a DTO class was declared with `IsListOf`, on it or on a class that it extends. */
export function isList(dto: new () => object, name: string): boolean {
  for (let at: unknown = dto.prototype; at; at = Object.getPrototypeOf(at))
    if (LISTS.get(at)?.has(name)) return true;
  return false;
}

const DESCRIBED = 'meterbook:description';

/** One sentence about a property for /openapi.json. */
export function Describe(description: string): PropertyDecorator {
  return Reflect.metadata(DESCRIBED, description);
}

/** What `Describe` said about a property. */
export function descriptionOf(prototype: object, name: string): string | undefined {
  return Reflect.getMetadata(DESCRIBED, prototype, name) as string | undefined;
}

/** RFC 3339 text → epoch ms; throws Problem 400 at the pointer (`?from`, `/effective_from`). */
export function toInstant(text: string, pointer: string): number {
  const at = parseInstant(text);
  if (at === undefined)
    throw invalidField(pointer, 'must be an RFC 3339 instant such as 2026-11-24T09:30:00Z');
  return at;
}

/** `2026-11` → its half-open range; throws Problem 400 at the pointer. */
export function toMonth(text: string, pointer: string): Period {
  const period = parseMonth(text);
  if (!period) throw invalidField(pointer, 'must be a month such as 2026-11');
  return period;
}

/** Decimal text → femto-units; throws Problem 400 at the pointer. */
export function toMoney(text: string, pointer: string): bigint {
  const femto = moneyOf(text);
  if (femto === undefined)
    throw invalidField(pointer, 'must be a decimal string such as "12.50" with at most 15 places');
  return femto;
}

function moneyOf(text: string): bigint | undefined {
  try {
    return parseMoney(text);
  } catch {
    return undefined;
  }
}

function texts(name: string, wanted: string, parse: (text: string) => unknown): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parse(value) !== undefined,
      defaultMessage: () => `must be ${wanted}`,
    },
  });
}
