// A catalog inside a request: the document itself, or its text.
import { invalidField, Problem } from '#libs/http/problem.js';
import type { Catalog } from '#libs/rating/catalog.js';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import type { CatalogMediaType } from '#libs/rating/catalog-text.js';

export interface DraftCatalog {
  readonly catalog: Catalog;
  readonly text: string;
  readonly mediaType: CatalogMediaType;
}

/** Throws Problem 422 `invalid_catalog` that names each fault; of a text also its line. */
export function readDraft(sent: unknown): DraftCatalog {
  const isText = typeof sent === 'string';
  if (!isText && (typeof sent !== 'object' || sent === null || Array.isArray(sent)))
    throw invalidField('/catalog', 'must be a catalog document, or its text as YAML or JSON');
  const text = isText ? sent : JSON.stringify(sent);
  const mediaType = !isText || /^\s*\{/.test(text) ? 'application/json' : 'application/yaml';
  const parsed = parseCatalogText(text, mediaType);
  if ('catalog' in parsed) return { catalog: parsed.catalog, text, mediaType };
  const errors = parsed.problems.map(({ pointer, line, code, detail }) => ({
    pointer: `/catalog${pointer}`,
    code,
    detail: isText && line !== null ? `line ${line}: ${detail}` : detail,
    ...(isText && { line }),
  }));
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail = `${first?.pointer ?? '/catalog'}: ${first?.detail ?? 'cannot be read'}${more}`;
  throw new Problem(422, 'invalid_catalog', detail, { errors });
}
