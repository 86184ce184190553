// What a new catalog version changes, leaf by leaf, as a person reviews it before it is published.

export interface CatalogChange {
  /** JSON pointer into the document: `/models/llama-3.1-8b-instant/prices/on_demand/input`. */
  readonly path: string;
  /** null: not there before. */
  readonly from: unknown;
  /** null: no longer there. */
  readonly to: unknown;
}

// They differ in every version, which is no news.
const ALWAYS_NEW = new Set(['/version', '/effective_from']);

/** Changed leaves in the order of the new document, then what is gone. Lists are leaves, empty tables none. `before` undefined: all is new. */
export function catalogChanges(before: unknown, after: unknown): readonly CatalogChange[] {
  const old = new Map(leaves(before, ''));
  const now = new Map(leaves(after, ''));
  const changed = [...now]
    .filter(([path, value]) => !old.has(path) || !sameLeaf(old.get(path), value))
    .map(([path, value]) => ({ path, from: old.get(path) ?? null, to: value }));
  const gone = [...old]
    .filter(([path]) => !now.has(path))
    .map(([path, value]) => ({ path, from: value, to: null }));
  return [...changed, ...gone].filter(({ path }) => !ALWAYS_NEW.has(path));
}

function* leaves(value: unknown, path: string): Generator<[string, unknown]> {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield [path, value];
    return;
  }
  for (const [name, member] of Object.entries(value))
    yield* leaves(member, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function sameLeaf(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
