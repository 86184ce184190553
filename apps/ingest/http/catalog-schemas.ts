// What POST /v1/catalog takes and answers, as the schemas of its OpenAPI document.
import type { BodySchemas, DescribedAnswer } from '#libs/http/described-shapes.js';

const DOCUMENT = {
  title: 'CatalogDocument',
  type: 'object',
  description: 'Prices, limits and tiers: docs/catalog.md says every field, a 422 each wrong one.',
};

/** The bodies of `POST /v1/catalog`. */
export const CATALOG_BODY: BodySchemas = {
  'application/json': DOCUMENT,
  'application/yaml': DOCUMENT,
};

const PUBLISHED = {
  title: 'CatalogPublished',
  type: 'object',
  required: ['version', 'effective_from', 'dry_run', 'position', 'changes'],
  properties: {
    version: { type: 'string' },
    effective_from: { type: 'string', format: 'date-time' },
    dry_run: { type: 'boolean' },
    position: { description: 'Usable as at_least; null when nothing was published' },
    changes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'from', 'to'],
        properties: {
          path: { type: 'string', description: 'A JSON pointer into the document' },
          from: { description: 'null: not there before' },
          to: { description: 'null: no longer there' },
        },
      },
    },
  },
};

/** The answers of `POST /v1/catalog`. */
export const CATALOG_ANSWERS: Readonly<Record<number, DescribedAnswer>> = {
  200: { description: 'Checked only: dry_run=true', schema: PUBLISHED },
  201: { description: 'Published', schema: PUBLISHED },
};
