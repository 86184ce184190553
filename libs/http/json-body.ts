// Reads a JSON body strictly: UTF-8, at most 32 levels deep, no names that reach for a prototype, no text that Postgres cannot
// hold. Where an object repeats a name, the last one counts, as JSON.parse has it.
import { isUtf8 } from 'node:buffer';
import { type FieldError, Problem } from './problem.js';

const MAX_DEPTH = 32;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The value of a body, undefined when it is empty; throws Problem 400 `invalid_json`. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw invalidJson('The body is not UTF-8.');
  if (isTooDeep(bytes)) throw invalidJson(`The body is nested more than ${MAX_DEPTH} levels deep.`);
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    throw invalidJson(`The body is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  // Only a body with one of these can hold what `faultOf` looks for; nearly none has.
  const fault = /__proto__|constructor|\\u/.test(text) ? faultOf(value, '') : undefined;
  if (fault) throw invalidJson(`${fault.pointer}: ${fault.detail}`, [fault]);
  return value;
}

function invalidJson(detail: string, errors: readonly FieldError[] = []): Problem {
  return new Problem(400, 'invalid_json', detail, { errors });
}

// Counts brackets outside strings, so that a hostile body is refused before it is parsed.
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}

function faultOf(value: unknown, pointer: string): FieldError | undefined {
  if (typeof value === 'string') return isText(value) ? undefined : badText(pointer);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const detail = 'is a name that no object may have';
    if (name === '__proto__' || name === 'constructor')
      return { pointer: at, code: 'invalid_name', detail };
    const fault = isText(name) ? faultOf(item, at) : badText(pointer);
    if (fault) return fault;
  }
  return undefined;
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function badText(pointer: string): FieldError {
  const detail = 'holds a NUL or half of a surrogate pair';
  return { pointer, code: 'invalid_value', detail };
}
