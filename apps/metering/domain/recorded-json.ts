// JSON as it was written: numbers keep their digits, so that what is shown of a record is what is in it.
type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context: { source?: string },
) => unknown;

const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
const { rawJSON } = JSON as unknown as { rawJSON: (this: void, text: string) => unknown };

/** For `JSON.stringify`: `1e3` and `9007199254740993` are printed as they came. undefined when the bytes are no JSON. */
export function parseAsWritten(bytes: Buffer): unknown {
  try {
    return parse(bytes.toString('utf8'), (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined && String(value) !== source
        ? rawJSON(source)
        : value,
    );
  } catch {
    return undefined;
  }
}
