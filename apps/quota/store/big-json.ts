// Rows of JSON with bigints in them: 12n ↔ {"n": "12"}, exact at any size.

/** Gives a value that JSON.stringify takes; undefined members are dropped. */
export function packBig(value: unknown): unknown {
  if (typeof value === 'bigint') return { n: value.toString() };
  if (Array.isArray(value)) return value.map(packBig);
  if (typeof value !== 'object' || value === null) return value;
  const packed: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) packed[name] = packBig(member);
  return packed;
}

/** The value that `packBig` was given. */
export function unpackBig(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpackBig);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const [only] = members;
  if (members.length === 1 && only?.[0] === 'n' && typeof only[1] === 'string')
    return BigInt(only[1]);
  return Object.fromEntries(members.map(([name, member]) => [name, unpackBig(member)]));
}
