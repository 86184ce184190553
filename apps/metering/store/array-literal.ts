// Postgres array literals, written directly: the driver's own way costs two regular expressions per element, and a slice has
// twenty thousand of them.

const SPECIAL = /["\\]/;

/** Of numbers, bigints and uuids: nothing in them needs a quote. */
export function plainArray(values: readonly (number | bigint | string)[]): string {
  return `{${values.join(',')}}`;
}

/** Of texts, quoted. */
export function textArray(values: readonly string[]): string {
  if (values.length === 0) return '{}';
  const joined = values.join('","');
  // Names hold neither quote nor backslash nearly always: then the separators are the only quotes there are.
  const isPlain = !joined.includes('\\') && quotesIn(joined) === 2 * (values.length - 1);
  return `{"${isPlain ? joined : values.map(escaped).join('","')}"}`;
}

function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

function escaped(value: string): string {
  return SPECIAL.test(value) ? value.replaceAll(/["\\]/g, '\\$&') : value;
}
