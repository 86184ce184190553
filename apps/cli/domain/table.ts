// Plain text tables: numbers to the right, words to the left.

/** Lines of a table; a column whose cells all look like numbers is aligned right. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  );
  const isNumber = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[-$\d.,—]*$/.test(row[column] ?? '')),
  );
  return all.map((row) =>
    header
      .map((_, column) => {
        const cell = row[column] ?? '';
        const width = widths[column] ?? 0;
        return isNumber[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** 1234567n → `1,234,567`. */
export function grouped(value: bigint | number): string {
  return value.toLocaleString('en');
}
