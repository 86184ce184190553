// The text of a catalog document as a value and a way to find the line of any of its parts.
import type { Document } from 'yaml';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** One fault of a document: where (JSON pointer and line of the text, counted from 1), which rule, and what was seen. */
export interface CatalogProblem {
  readonly pointer: string;
  /** null when the place has no line of its own. */
  readonly line: number | null;
  readonly code: string;
  readonly detail: string;
}

export type CatalogMediaType = 'application/json' | 'application/yaml';

export interface CatalogText {
  readonly value: unknown;
  /** The line (from 1) of the part that the JSON pointer names, or of the nearest part around it. */
  lineOf(pointer: string): number | null;
}

/** Reads strict JSON or YAML 1.2 of one document; repeated keys, unknown tags and syntax faults are problems. */
export function readCatalogText(
  text: string,
  mediaType: CatalogMediaType,
): { readonly text: CatalogText } | { readonly problems: CatalogProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const isJson = mediaType === 'application/json';
  // JSON is read by JSON's own rules; what YAML makes of the same text only tells lines and repeated keys.
  const faults = isJson
    ? document.errors.filter((fault) => fault.code === 'DUPLICATE_KEY')
    : [...document.errors, ...document.warnings];
  const problems = faults.map((fault) => ({
    pointer: '',
    line: lines.linePos(fault.pos[0]).line,
    code: fault.code === 'DUPLICATE_KEY' ? 'duplicate_key' : 'invalid_yaml',
    detail: fault.message,
  }));
  if (problems.length > 0) return { problems };
  const read = isJson ? readJson(text) : readYaml(document);
  if ('problem' in read) return { problems: [read.problem] };
  return { text: { value: read.value, lineOf: (at) => lineOf(document, lines, at) } };
}

type Read = { readonly value: unknown } | { readonly problem: CatalogProblem };

function readJson(text: string): Read {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const detail = (error as Error).message;
    const line = /line (\d+)/.exec(detail)?.[1];
    return {
      problem: { pointer: '', line: line ? Number(line) : null, code: 'invalid_json', detail },
    };
  }
}

function readYaml(document: Document.Parsed): Read {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (error) {
    const detail = (error as Error).message;
    return { problem: { pointer: '', line: null, code: 'invalid_yaml', detail } };
  }
}

function lineOf(document: Document.Parsed, lines: LineCounter, pointer: string): number | null {
  let node: unknown = document.contents;
  let offset: number | undefined = document.contents?.range[0];
  for (const name of segmentsOf(pointer)) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
      if (!pair) break;
      offset = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(name)];
      if (!isScalar(item) && !isMap(item)) break;
      offset = item.range?.[0];
      node = item;
    } else break;
  }
  return offset === undefined ? null : lines.linePos(offset).line;
}

function segmentsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
