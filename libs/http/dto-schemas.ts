// JSON Schemas of DTOs, told from their validation rules: what the validator refuses, the document says.
// @ts-expect-error class-transformer has no types for its store of @Type declarations
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { descriptionOf } from './fields.js';
import { type Dto, fieldsOf } from './route-shape.js';

export type Schema = Record<string, unknown>;
interface ObjectSchema extends Schema {
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
}

export const REFERENCE = '#/components/schemas/';

// Our own decorators (fields.ts), which the library knows nothing about.
const OWN = {
  isInstantText: { type: 'string', format: 'date-time' },
  isMonthText: { type: 'string', pattern: '^\\d{4}-(0[1-9]|1[0-2])$' },
  isMoneyText: { type: 'string', pattern: '^-?\\d{1,24}(\\.\\d{1,15})?$' },
  isCount: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
} as const;

/** Schemas of every class with rules in this process, by class name. */
export function allSchemas(): Record<string, ObjectSchema> {
  return validationMetadatasToSchemas({
    refPointerPrefix: REFERENCE,
    additionalConverters: OWN,
    classTransformerMetadataStorage: defaultMetadataStorage as never,
  }) as Record<string, ObjectSchema>;
}

/** The query parameters of a DTO, ready for OpenAPI, with their defaults. */
export function parametersOf(dto: Dto, all: Readonly<Record<string, ObjectSchema>>): Schema[] {
  const { properties = {}, required = [] } = schemaOf(dto, all) ?? {};
  const defaults = new dto() as Record<string, unknown>;
  return fieldsOf(dto).map((name) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(properties[name]?.['type'] === 'array' && { style: 'form', explode: false }),
    ...described(dto, name),
    schema: {
      ...properties[name],
      ...(defaults[name] !== undefined && { default: defaults[name] }),
    },
  }));
}

/** The schemas of bodies and of all that they hold. Fields that may be left out may be null too; others are refused. */
export function bodySchemas(
  dtos: readonly Dto[],
  all: Readonly<Record<string, ObjectSchema>>,
): Record<string, Schema> {
  const found: Record<string, Schema> = {};
  const waiting = dtos.map(({ name }) => name);
  const classes = new Map(dtos.map((dto) => [dto.name, dto]));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const dto = classes.get(name);
    const schema = dto ? schemaOf(dto, all) : all[name];
    if (found[name] || !schema) continue;
    found[name] = strict(schema, dto);
    const text = JSON.stringify(schema);
    for (const [, inner] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      waiting.push(inner as string);
  }
  return found;
}

// A class that adds no rule of its own has no schema of its own.
function schemaOf(dto: Dto, all: Readonly<Record<string, ObjectSchema>>): ObjectSchema | undefined {
  const parent = Object.getPrototypeOf(dto) as Dto;
  return all[dto.name] ?? (parent.name ? schemaOf(parent, all) : undefined);
}

function strict(schema: ObjectSchema, dto: Dto | undefined): Schema {
  const { properties = {}, required = [] } = schema;
  const fields = Object.entries(properties).map(([name, field]) => {
    const told = { ...(dto && described(dto, name)), ...field };
    return [name, required.includes(name) ? told : { anyOf: [told, { type: 'null' }] }];
  });
  return { ...schema, properties: Object.fromEntries(fields), additionalProperties: false };
}

function described(dto: Dto, name: string): { description?: string } {
  const description = descriptionOf(dto.prototype as object, name);
  return description === undefined ? {} : { description };
}
