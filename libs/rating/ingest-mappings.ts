// How events of other types than ours are read: the `ingest.mappings` of a catalog document, event type → fields of its data.
import type { Static } from '@sinclair/typebox';
import { Type } from '@sinclair/typebox';
import type { Quantity } from '../events/quantities.js';
import { QUANTITIES } from '../events/quantities.js';

/** The names from an event's data inward: `usage.prompt_tokens` is ['usage', 'prompt_tokens']. */
export type FieldPath = readonly string[];

export interface EventMapping {
  /** Where the model's name stands, or the one name of all events of the type. */
  readonly model: { readonly path: FieldPath } | { readonly value: string };
  /** Pool → where its count stands; one that is missing in an event counts nothing. */
  readonly quantities: Partial<Record<Quantity, FieldPath>>;
  readonly project: FieldPath | null;
  readonly user: FieldPath | null;
  readonly serviceTier: FieldPath | null;
  readonly adapter: FieldPath | null;
  /** The events do not tell all pools apart (cached from uncached input): what is counted is marked so. */
  readonly poolsIncomplete: boolean;
}

const sealed = { additionalProperties: false, code: 'unknown_field' };
const Path = Type.String({
  pattern: String.raw`^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,7}$`,
  code: 'invalid_path',
});

const Mapping = Type.Object(
  {
    model: Type.Optional(Path),
    model_name: Type.Optional(Type.String({ pattern: '^[!-~]{1,256}$', code: 'invalid_name' })),
    quantities: Type.Object(
      Object.fromEntries(QUANTITIES.map((name) => [name, Type.Optional(Path)])),
      { additionalProperties: false, code: 'unknown_quantity', minProperties: 1 },
    ),
    project: Type.Optional(Path),
    user: Type.Optional(Path),
    service_tier: Type.Optional(Path),
    adapter: Type.Optional(Path),
    pools_incomplete: Type.Optional(Type.Boolean()),
  },
  sealed,
);

/** Event types of ours are no foreign types: they cannot be mapped. */
export const MappingsSchema = Type.Record(
  Type.String({ pattern: String.raw`^(?!dev\.meterbook\.)[!-~]{1,255}$` }),
  Mapping,
  { additionalProperties: false, code: 'invalid_name' },
);

export type MappingDocument = Static<typeof Mapping>;

/** `model` and `model_name` exclude each other, and one of them is there: that is checked by `parseCatalogText`. */
export function parseMapping(document: MappingDocument): EventMapping {
  const { quantities } = document;
  return {
    model:
      document.model === undefined
        ? { value: document.model_name ?? '' }
        : { path: pathOf(document.model) },
    quantities: Object.fromEntries(
      Object.entries(quantities as Record<string, string>).map(([name, at]) => [name, pathOf(at)]),
    ),
    project: optionalPath(document.project),
    user: optionalPath(document.user),
    serviceTier: optionalPath(document.service_tier),
    adapter: optionalPath(document.adapter),
    poolsIncomplete: document.pools_incomplete ?? false,
  };
}

/** What stands at a path of an event's data; undefined where there is nothing. Only own fields count. */
export function valueAt(data: unknown, path: FieldPath): unknown {
  let value = data;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function pathOf(text: string): FieldPath {
  return text.split('.');
}

function optionalPath(text: string | undefined): FieldPath | null {
  return text === undefined ? null : pathOf(text);
}
