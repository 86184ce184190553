const LINE_FEED = 0x0a;
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d, LINE_FEED]);

/**
 * NDJSON → one slice of the body per line that is not blank, without the white space around it; the bytes are the client's.
 * One more than `limit` is enough to know that there are too many, so splitting stops there.
 */
export function splitLines(body: Buffer, limit: number): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < body.length && lines.length <= limit;) {
    const feed = body.indexOf(LINE_FEED, at);
    const end = feed === -1 ? body.length : feed;
    const line = trimmed(body, at, end);
    if (line) lines.push(line);
    at = end + 1;
  }
  return lines;
}

/** The slice without white space at its ends; undefined when nothing is left. */
export function trimmed(body: Buffer, from: number, to: number): Buffer | undefined {
  let start = from;
  let end = to;
  while (start < end && BLANKS.has(body[start] as number)) start++;
  while (end > start && BLANKS.has(body[end - 1] as number)) end--;
  return start === end ? undefined : body.subarray(start, end);
}
