// RFC 9457 problem details: the one shape of every refusal. Throw a Problem anywhere below a controller; the filter writes it.
import { STATUS_CODES } from 'node:http';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** `pointer` is a JSON pointer into the body (`/lines/0/amount`) `?name` for a query parameter, a header's own name for a header. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly title?: string;
  /** Members beside the standard ones: `{ closable_at: … }`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** A refusal with its HTTP status; `code` is snake_case and stable, `detail` is a whole sentence for people. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  readonly title: string;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail);
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.title = options.title ?? STATUS_CODES[status] ?? 'Error';
    this.members = options.members ?? {};
  }
}

/** 400 `invalid_request` that names each faulty field; the detail is the first one's. */
export function invalidRequest(errors: readonly FieldError[]): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const where = first?.pointer ? `${first.pointer}: ` : '';
  const detail = first ? `${where}${first.detail}${more}` : 'The request is not valid.';
  return new Problem(400, 'invalid_request', detail, { errors });
}

/** 400 `invalid_request` about one field or parameter. */
export function invalidField(pointer: string, detail: string, code = 'invalid_value'): Problem {
  return invalidRequest([{ pointer, code, detail }]);
}

/** 404 for an object that is not there, or not the caller's: both look the same from outside. */
export function notFound(code: string, detail: string): Problem {
  return new Problem(404, code, detail);
}
