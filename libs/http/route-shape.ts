// Which query parameters a route takes and whether it reads a body, told from its handler's parameters: what a route does not
// read is refused, not ignored.
import { getMetadataStorage } from 'class-validator';
import { isList } from './fields.js';
import type { Handler } from './route-facts.js';

export type Dto = new () => object;

export interface RouteShape {
  /** The names of the query parameters; undefined where the handler takes whatever comes. */
  readonly query: ReadonlySet<string> | undefined;
  /** Those of them that are lists. */
  readonly lists: ReadonlySet<string>;
  readonly queryDtos: readonly Dto[];
  readonly bodyDto: Dto | undefined;
  readonly readsBody: boolean;
}

// Nest's RouteParamtypes.
const [REQUEST, BODY, QUERY] = ['0', '3', '4'];
const NATIVE = new Set<unknown>([String, Number, Boolean, Array, Object, Buffer, undefined]);

interface Parameter {
  readonly kind: string | undefined;
  /** `@Query('name')`: only this one. */
  readonly name: string | undefined;
  readonly type: Dto | undefined;
}

/** Reads Nest's and TypeScript's metadata of a handler; all its decorators must have run. */
export function shapeOf(handler: Handler): RouteShape {
  const parameters = parametersOf(handler);
  const queries = parameters.filter(({ kind }) => kind === QUERY);
  const bodies = parameters.filter(({ kind }) => kind === BODY);
  const queryDtos = queries.flatMap(({ type, name }) => (type && !name ? [type] : []));
  const isOpen = queries.some(({ type, name }) => !name && fieldsOf(type).length === 0);
  const names = queries.flatMap(({ type, name }) => (name ? [name] : fieldsOf(type)));
  return {
    query: isOpen ? undefined : new Set(names),
    lists: new Set(names.filter((name) => queryDtos.some((dto) => isList(dto, name)))),
    queryDtos,
    bodyDto: bodies.find(({ type, name }) => type && !name)?.type,
    readsBody: bodies.length > 0 || parameters.some(({ kind }) => kind === REQUEST),
  };
}

const FIELDS = new WeakMap<Dto, readonly string[]>();

/** The properties that a DTO class declares a rule for, its base classes' included. */
export function fieldsOf(dto: Dto | undefined): readonly string[] {
  if (dto === undefined) return [];
  const known = FIELDS.get(dto);
  if (known) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const fields = [...new Set(rules.map(({ propertyName }) => propertyName))];
  FIELDS.set(dto, fields);
  return fields;
}

function parametersOf({ controller, method }: Handler): Parameter[] {
  const noted = (Reflect.getMetadata('__routeArguments__', controller, method) ?? {}) as Record<
    string,
    { readonly index: number; readonly data?: unknown }
  >;
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype, method) ??
    []) as Dto[];
  return Object.entries(noted).map(([key, { index, data }]) => {
    const type = types[index];
    return {
      kind: key.split(':', 1)[0],
      name: typeof data === 'string' ? data : undefined,
      type: NATIVE.has(type) ? undefined : type,
    };
  });
}
