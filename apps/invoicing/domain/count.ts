// Counts in JSON are integers, exact at any size (http-contract.md, everywhere).

interface ExactJson {
  rawJSON(text: string): number;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}

/** A number where it is exact, else raw JSON digits, which `JSON.stringify` writes as they are. */
export function count(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  return (JSON as unknown as ExactJson).rawJSON(value.toString());
}

/** Parses JSON whose integers may outgrow 2^53: those come as bigint. */
export function parseExact(text: string): unknown {
  return (JSON as unknown as ExactJson).parse(text, (_, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? BigInt(source as string)
      : value,
  );
}
