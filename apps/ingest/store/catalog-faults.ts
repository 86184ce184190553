// A refused catalog names each fault with the line of the text that was sent.
import { type FieldError, Problem } from '#libs/http/problem.js';
import type { CatalogProblem } from '#libs/rating/catalog-document.js';
import type { Fault } from '../domain/fault.js';

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

/** Faults of top-level members, with the line that names the member. */
export function catalogFaults(faults: readonly Fault[], document: Buffer): CatalogProblem[] {
  const lines = document.toString('utf8').split('\n');
  return faults.map((fault) => {
    const member = new RegExp(`^[\\s{,]*["']?${fault.pointer.slice(1)}["']?\\s*:`);
    const index = lines.findIndex((line) => member.test(line));
    return { ...fault, line: index < 0 ? null : index + 1 };
  });
}
