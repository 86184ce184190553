// A refused catalog names each fault with the line of the text that was sent.
import { type FieldError, Problem } from '#libs/http/problem.js';
import type { CatalogMediaType } from '#libs/events/catalog-fact.js';
import { type CatalogProblem, readCatalogText } from '#libs/rating/catalog-text.js';
import type { Fault } from '../domain/fault.js';

/** A document as it came. */
export interface SentDocument {
  readonly bytes: Buffer;
  readonly mediaType: CatalogMediaType;
}

/** 422 `invalid_catalog`; each error has the line beside the pointer, and says it in words too. */
export function invalidCatalog(problems: readonly CatalogProblem[]): Problem {
  const errors: readonly FieldError[] = problems.map(({ pointer, line, code, detail }) => ({
    pointer,
    code,
    detail: line === null ? detail : `line ${line}: ${detail}`,
    line,
  }));
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail = `${first?.pointer || 'document'}: ${first?.detail ?? 'cannot be read'}${more}`;
  return new Problem(422, 'invalid_catalog', detail, { errors });
}

/** Faults that only the published versions show, with the line of the field they name. */
export function catalogFaults(faults: readonly Fault[], sent: SentDocument): CatalogProblem[] {
  const read = readCatalogText(sent.bytes.toString('utf8'), sent.mediaType);
  return faults.map((fault) => ({
    ...fault,
    line: 'text' in read ? read.text.lineOf(fault.pointer) : null,
  }));
}
