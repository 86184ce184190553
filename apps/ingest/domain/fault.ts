// A refusal of the control plane is a value: each fault names its field, its rule and what was seen.

export interface Fault {
  /** JSON pointer into the body; '' for the whole. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export type Decided<T> = { readonly decided: T } | { readonly faults: readonly Fault[] };

/** The value when there is no fault, else the faults. */
export function decided<T>(value: T, faults: readonly (Fault | undefined)[]): Decided<T> {
  const found = faults.filter((fault) => fault !== undefined);
  return found.length > 0 ? { faults: found } : { decided: value };
}
