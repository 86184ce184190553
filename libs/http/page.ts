// Pages: `{"data": […], "next_cursor": null}`. Cursors are opaque to callers: base64url of JSON behind a checksum, so that a
// cut or edited one is told apart from a good one. They carry no rights: every query checks the caller again.
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { crc32 } from 'node:zlib';
import { invalidField, type Problem } from './problem.js';

/** Query DTO of a list; extend it. */
export class PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  cursor?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 100;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

/** Any JSON value → a cursor. */
export function encodeCursor(value: unknown): string {
  const json = Buffer.from(JSON.stringify(value));
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(json));
  return Buffer.concat([sum, json]).toString('base64url');
}

/** Throws Problem 400 at `?cursor` unless the text came from `encodeCursor` and `accepts` the value, where given. */
export function decodeCursor<T>(text: string, accepts?: (value: unknown) => boolean): T {
  const bytes = Buffer.from(text, 'base64url');
  const json = bytes.subarray(4);
  if (bytes.length < 5 || bytes.toString('base64url') !== text) throw malformed();
  if (bytes.readUInt32BE(0) !== crc32(json)) throw malformed();
  const written = json.toString('utf8');
  // No list gives one out, and Postgres has no such text.
  if (written.includes('\\u0000')) throw malformed();
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    throw malformed();
  }
  if (accepts && !accepts(value)) throw malformed();
  return value as T;
}

/** From up to limit + 1 rows: the page of `limit`, and the cursor after its last row where there is more. */
export function pageOf<Item>(
  rows: readonly Item[],
  limit: number,
  cursorOf: (last: Item) => unknown,
): Page<Item> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data, next_cursor: more ? encodeCursor(cursorOf(last)) : null };
}

function malformed(): Problem {
  return invalidField('?cursor', 'is not a cursor that this list gave out', 'invalid_cursor');
}
