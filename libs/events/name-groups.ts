// What belongs to one set of names in a slice, found without building a key text for each event: an organization uses few.
import type { UsageDelta } from './metered-event.js';

export type Names = Pick<
  UsageDelta,
  'model' | 'project' | 'apiKey' | 'serviceTier' | 'adapter' | 'user'
>;

interface Known<Value> {
  readonly names: Names;
  readonly value: Value;
}

/** Looked through one by one; above it a text finds the rest. */
const FEW = 8;

/** One value for each organization and set of names, made when they are first seen. */
export class NameGroups<Value> {
  private readonly few = new Map<string, Known<Value>[]>();
  private readonly rest = new Map<string, Value>();

  constructor(private readonly make: (organization: string, names: Names) => Value) {}

  of(organization: string, names: Names): Value {
    const known = this.few.get(organization);
    if (known === undefined) {
      const value = this.make(organization, names);
      this.few.set(organization, [{ names, value }]);
      return value;
    }
    for (const one of known) if (isSame(one.names, names)) return one.value;
    if (known.length < FEW) {
      const value = this.make(organization, names);
      known.push({ names, value });
      return value;
    }
    return this.ofMany(organization, names);
  }

  private ofMany(organization: string, names: Names): Value {
    const { model, project, apiKey, serviceTier, adapter, user } = names;
    // A name is null or a text of at least one character without a line feed.
    const text = `${organization}\n${model}\n${project ?? ''}\n${apiKey ?? ''}\n${serviceTier}\n${adapter ?? ''}\n${user ?? ''}`;
    const known = this.rest.get(text);
    if (known !== undefined) return known;
    const value = this.make(organization, names);
    this.rest.set(text, value);
    return value;
  }
}

function isSame(left: Names, right: Names): boolean {
  return (
    left.apiKey === right.apiKey &&
    left.model === right.model &&
    left.user === right.user &&
    left.project === right.project &&
    left.serviceTier === right.serviceTier &&
    left.adapter === right.adapter
  );
}
