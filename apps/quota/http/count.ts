// Counts are JSON integers, exact at any size (http-contract.md, everywhere).

/** A number where it is exact, else raw JSON digits, which `JSON.stringify` writes as they are. */
export function count(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  return (JSON as unknown as { rawJSON(text: string): number }).rawJSON(value.toString());
}
