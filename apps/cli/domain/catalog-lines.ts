// Faults and changes of a catalog document as lines for people.

export interface DocumentFault {
  readonly pointer: string;
  readonly line?: number | null;
  readonly code: string;
  readonly detail: string;
}

export interface Change {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** `catalog.yaml:12: /models/x/prices: "-1" is below zero (negative_price)`, as compilers write it. */
export function faultLines(file: string, faults: readonly DocumentFault[]): string[] {
  return faults.map(({ pointer, line, code, detail }) => {
    const place = line == null ? file : `${file}:${line}`;
    // The door says the line in words too.
    const said = detail.replace(/^line \d+: /, '');
    return `${place}: ${pointer === '' ? 'the document' : pointer}: ${said} (${code})`;
  });
}

/** `/models/x/prices/on_demand/input: "0.05" → "0.06"`; what was not there, or is gone, is a dash. */
export function changeLines(changes: readonly Change[]): string[] {
  return changes.map(({ path, from, to }) => `${path}: ${shown(from)} → ${shown(to)}`);
}

function shown(value: unknown): string {
  return value === null ? '–' : JSON.stringify(value);
}
