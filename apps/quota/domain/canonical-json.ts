// RFC 8785, the JSON Canonicalization Scheme: one text per value, so that a signature holds whatever a proxy or a parser did to
// the spaces and the order of members.

/**
 * No spaces, members in order of their UTF-16 code units, numbers and texts as ECMAScript prints them. Members that are
 * undefined are left out; throws a TypeError on what JSON has no text for (BigInt, NaN, a lone surrogate).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) return canonicalObject(value);
  return canonicalLeaf(value);
}

function canonicalObject(value: object): string {
  // `<` on texts is the order of UTF-16 code units.
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, member]) => `${canonicalLeaf(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function canonicalLeaf(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`${value} is no JSON number`);
  if (typeof value === 'string' && !value.isWellFormed())
    throw new TypeError('a text with a lone surrogate has no canonical JSON');
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`${typeof value} has no JSON text`);
  return text;
}
