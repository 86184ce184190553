// Pages of documents that go out as they are stored, each byte of them, the last issued first.
import { decodeCursor, encodeCursor } from '#libs/http/page.js';

/** The body of a page from up to limit + 1 rows; `text` is the JSON of a document. */
export function storedPage(
  found: readonly { readonly id: bigint; readonly text: string }[],
  limit: number,
): Buffer {
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const next = last ? encodeCursor(last.id.toString()) : null;
  const documents = page.map(({ text }) => text).join(',');
  return Buffer.from(`{"data":[${documents}],"next_cursor":${JSON.stringify(next)}}`);
}

/** The id in a cursor of such a page. Throws Problem 400 at `?cursor` for any other text. */
export function storedCursor(text: string): bigint {
  return BigInt(
    decodeCursor<string>(text, (value) => typeof value === 'string' && /^\d{1,18}$/.test(value)),
  );
}
