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

// A catalog is nested 11 deep at most; a parser's stack ends at some thousands.
const MOST_DEPTH = 32;

/**
 * Reads strict JSON or YAML 1.2 of one document; repeated keys, unknown tags, deep nesting and syntax faults are problems. The time
 * grows with the length of the text and nothing else.
 */
export function readCatalogText(
  text: string,
  mediaType: CatalogMediaType,
): { readonly text: CatalogText } | { readonly problems: CatalogProblem[] } {
  const lines = new LineCounter();
  if (isDeep(text)) return { problems: [tooDeep()] };
  // The parser's own check of keys compares each with each: 60,000 keys took it seven minutes.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
  const document = parseDocument(text, options);
  const isJson = mediaType === 'application/json';
  // JSON is read by JSON's own rules; what YAML makes of the same text only tells lines and repeated keys.
  const faults = isJson ? [] : [...document.errors, ...document.warnings];
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const problems = faults.slice(0, 100).map((fault) => ({
    pointer: '',
    line: lineAt(fault.pos[0]),
    code: 'invalid_yaml',
    detail: fault.message,
  }));
  if (problems.length > 0) return { problems };
  const read = isJson ? readJson(text) : readYaml(document);
  if ('problem' in read) return { problems: [read.problem] };
  const keys = [...keyProblems(document.contents, '', lineAt)];
  if (keys.length > 0) return { problems: keys.slice(0, 100) };
  return { text: { value: read.value, lineOf: (at) => lineOf(document, lines, at) } };
}

// Brackets in quoted text count too: no honest catalog has 32 open ones.
function isDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    if (bracket === '[' || bracket === '{') depth += 1;
    else if (depth > 0) depth -= 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

function tooDeep(): CatalogProblem {
  const detail = `the document is nested more than ${MOST_DEPTH} deep`;
  return { pointer: '', line: null, code: 'too_deep', detail };
}

// Repeated keys, keys that are no plain names, and what block indentation nests too deep.
function* keyProblems(
  node: unknown,
  pointer: string,
  lineAt: (offset: number) => number,
  depth = 0,
): Generator<CatalogProblem> {
  if (depth > MOST_DEPTH) {
    yield tooDeep();
    return;
  }
  if (isSeq(node))
    for (const [index, item] of node.items.entries())
      yield* keyProblems(item, `${pointer}/${index}`, lineAt, depth + 1);
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : undefined;
    const place = { pointer, line: isScalar(key) && key.range ? lineAt(key.range[0]) : null };
    if (name === undefined)
      yield { ...place, code: 'invalid_yaml', detail: 'a key is a plain name' };
    else if (seen.has(name))
      yield { ...place, code: 'duplicate_key', detail: `"${name}" is there twice` };
    seen.add(name ?? '');
    yield* keyProblems(value, `${pointer}/${escaped(name ?? '')}`, lineAt, depth + 1);
  }
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
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
