// Where two JSON documents differ, path by path.

export interface Difference {
  /** JSON pointer (RFC 6901), '' for the whole document. */
  readonly path: string;
  /** undefined: not there. */
  readonly stored: unknown;
  readonly derived: unknown;
}

/** Every leaf, or missing part, in which the two differ, in the order of the stored one; [] when they say the same. */
export function differingPaths(stored: unknown, derived: unknown, path = ''): Difference[] {
  if (!isNode(stored) || !isNode(derived) || Array.isArray(stored) !== Array.isArray(derived))
    return Object.is(stored, derived) ? [] : [{ path, stored, derived }];
  const names = new Set([...Object.keys(stored), ...Object.keys(derived)]);
  return [...names].flatMap((name) =>
    differingPaths(partOf(stored, name), partOf(derived, name), `${path}/${escaped(name)}`),
  );
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function partOf(node: Node, name: string): unknown {
  return Object.hasOwn(node, name) ? node[name] : undefined;
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
