/** A document with the part between two markers replaced; RangeError when it has no such place. */
export function withPart(document: string, name: string, part: string): string {
  const start = `<!-- ${name}: written by a command -->`;
  const end = `<!-- end of ${name} -->`;
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from === -1 || to < from) throw new RangeError(`the document has no place for ${name}`);
  return `${document.slice(0, from + start.length)}\n\n${part}\n\n${document.slice(to)}`;
}
