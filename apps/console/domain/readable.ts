/** Any value of `parseExact` as text for a reader: text as it is, the rest as JSON with the exact numbers, two spaces deep. */
export function readable(value: unknown, depth = ''): string {
  if (typeof value === 'string') return depth === '' ? value : JSON.stringify(value);
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `${depth}  `;
  const rows = Array.isArray(value)
    ? value.map((item) => inner + readable(item, inner))
    : Object.entries(value).map(
        ([name, item]) => `${inner}${JSON.stringify(name)}: ${readable(item, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return rows.length === 0 ? `${open}${close}` : `${open}\n${rows.join(',\n')}\n${depth}${close}`;
}
