// CSV (RFC 4180) that a spreadsheet may open.

/** One record with its line end; nothing is an empty cell. */
export function csvRecord(
  values: readonly (string | number | bigint | null | undefined)[],
): string {
  return `${values.map(cell).join(',')}\r\n`;
}

// A spreadsheet runs a cell that begins like a formula: such text gets an apostrophe. A negative amount is a number and stays.
function cell(value: string | number | bigint | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
