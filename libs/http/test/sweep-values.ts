// What nobody should send, by the JSON Schema of a parameter or a field.
import { encodeCursor } from '../page.js';

export type Node = Record<string, unknown>;

export const NUL = '\0';
export const RTL = '\u202e2026-11';
export const LONG = 'a'.repeat(5_000);

/** `bad` must be refused; `odd` may be a name like any other. */
export function badTexts(name: string, schema: Node): { bad: string[]; odd: string[] } {
  if (name === 'cursor') return { bad: BAD_CURSORS, odd: ODD_CURSORS };
  const type = schema['type'];
  if (type === 'integer' || type === 'number')
    return { bad: ['x', '', '-1', '1.5', '1e3', '9'.repeat(30), NUL, RTL, '0x10', ' 1'], odd: [] };
  if (type === 'boolean') return { bad: ['x', '', '1', 'TRUE', NUL, RTL], odd: [] };
  const isText = textOf(schema['pattern']).includes('P{Cc}');
  const isFree = isText || !['pattern', 'format', 'enum'].some((rule) => rule in schema);
  if (type === 'array') return { bad: [NUL, 'a,'.repeat(200)], odd: ['', RTL, LONG] };
  const free = ['', '-1', RTL, "' OR 1=1 --", '%'];
  return isFree ? { bad: [NUL, LONG], odd: free } : { bad: [NUL, LONG, RTL, '%'], odd: ['', '-1'] };
}

const BAD_CURSORS = ['x', 'AAAA', '!', LONG, NUL, RTL, encodeCursor({ x: 1 }).slice(0, -1)];
// With a good checksum, as if another list, or another version of this one, had given them out.
const ODD_CURSORS = [
  null,
  1,
  -1,
  1e300,
  '',
  'x',
  '0',
  `x${NUL}`,
  [],
  {},
  [1, 2],
  ['a', NUL],
  { from: 'x' },
].map((value) => encodeCursor(value));

/** Values of another type, too long, too large, or that no text holds. */
export function badValues(told: Node): unknown[] {
  const schema = (told['anyOf'] as Node[] | undefined)?.[0] ?? told;
  switch (schema['type']) {
    case 'string':
      return [1, true, {}, [], `a${NUL}`, 'a'.repeat(100_000)];
    case 'integer':
    case 'number':
      return ['1', -1e9, 1.5, 1e300, {}, [], true];
    case 'boolean':
      return ['true', 1, {}];
    case 'array':
      return ['x', 1, {}];
    case 'object':
      return ['x', 1, []];
    default:
      return [];
  }
}

/** What a route cannot do without, so that the one bad parameter is what it is refused for. */
export function sampleOf(name: string, schema: Node): string {
  if (schema['type'] === 'integer') return '1';
  if (schema['format'] === 'date-time') return `2026-11-0${name === 'to' ? 2 : 1}T00:00:00Z`;
  if (Array.isArray(schema['enum'])) return String(schema['enum'][0]);
  const pattern = textOf(schema['pattern']);
  if (pattern.includes('org_')) return 'org_acme';
  return pattern.includes('0[1-9]') ? '2026-11' : 'x';
}

/** '' for anything but a text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
