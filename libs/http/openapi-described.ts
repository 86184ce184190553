// Bodies and answers that a route describes in words of its own (described.ts), as parts of its OpenAPI operation.
import type { DescribedAnswer } from './described-shapes.js';
import { REFERENCE, type Schema } from './dto-schemas.js';
import type { RouteFacts } from './route-facts.js';

/** Schemas by name, for the document's components; filled as operations are described. */
export type NamedSchemas = Record<string, Schema>;

/** The `requestBody` of a route with `DescribeBody`; undefined for others. */
export function describedBody({ body }: RouteFacts, named: NamedSchemas): Schema | undefined {
  if (!body) return undefined;
  const content = Object.entries(body).map(([media, schema]) => [
    media,
    { schema: lifted(schema, named) },
  ]);
  return { required: true, content: Object.fromEntries(content) as Schema };
}

/** The `responses` of a route with `DescribeAnswers`, by status; {} for others. */
export function describedAnswers(
  { answers = {} }: RouteFacts,
  named: NamedSchemas,
): Record<string, { readonly description: string }> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [status, responseOf(answer, named)]),
  );
}

function responseOf(
  { description, schema, mediaType = 'application/json' }: DescribedAnswer,
  named: NamedSchemas,
): { readonly description: string } & Schema {
  if (!schema) return { description };
  return { description, content: { [mediaType]: { schema: lifted(schema, named) } } };
}

// A schema with a title is told once, under that name, and referred to: three media types hold the same event.
function lifted(node: unknown, named: NamedSchemas): unknown {
  if (Array.isArray(node)) return node.map((item) => lifted(item, named));
  if (typeof node !== 'object' || node === null) return node;
  const walked: Schema = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, lifted(value, named)]),
  );
  const { title } = walked;
  if (typeof title !== 'string') return walked;
  const known = named[title];
  if (known && JSON.stringify(known) !== JSON.stringify(walked))
    throw new TypeError(`two schemas are titled ${title}`);
  named[title] = walked;
  return { $ref: REFERENCE + title };
}
