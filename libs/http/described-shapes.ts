// How a route describes its bodies and answers for the OpenAPI document.

type Schema = Readonly<Record<string, unknown>>;

/** JSON Schemas by media type; `{}` says that anything of that media type is read. */
export type BodySchemas = Readonly<Record<string, Schema>>;

/** One answer: what it means, and its body's schema, or none for an answer without a body. */
export interface DescribedAnswer {
  readonly description: string;
  readonly schema?: Schema;
  /** `application/json` when left out. */
  readonly mediaType?: string;
}
