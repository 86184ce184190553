import { trimmed } from './split-lines.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * A JSON array → the client's own bytes of each element, undefined when the brackets and commas do not make one array. The
 * elements are cut, not parsed: where each of them is JSON the body was JSON, where one is not the body was not.
 */
export function splitArray(body: Buffer, limit: number): Buffer[] | undefined {
  const array = trimmed(body, 0, body.length);
  if (array?.[0] !== OPEN_ARRAY || array.at(-1) !== CLOSE_ARRAY || array.length < 2)
    return undefined;
  const inside = array.subarray(1, -1);
  if (!trimmed(inside, 0, inside.length)) return [];
  const elements: Buffer[] = [];
  for (let at = 0; at <= inside.length && elements.length <= limit;) {
    const end = endOfElement(inside, at);
    const element = end === undefined ? undefined : trimmed(inside, at, end);
    if (!element) return undefined;
    elements.push(element);
    at = (end as number) + 1;
  }
  return elements;
}

// Where the comma after the element is, or the end; undefined when more is closed than was opened, or less.
function endOfElement(body: Buffer, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte === QUOTE) at = endOfString(body, at);
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (--depth < 0) return undefined;
    } else if (byte === COMMA && depth === 0) return at;
  }
  return depth === 0 ? body.length : undefined;
}

// The closing quote; the end of the body when there is none, which leaves an element that no parser takes.
function endOfString(body: Buffer, from: number): number {
  for (let at = from + 1; at < body.length; at++) {
    const byte = body[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) return at;
  }
  return body.length;
}
