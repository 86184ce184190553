// JSON whose integers are exact at any size: a BigInt is printed as a JSON integer (http-contract.md, "Everywhere").
const rawJson = (JSON as unknown as { rawJSON: (this: void, text: string) => unknown }).rawJSON;

/** Like JSON.stringify, but takes BigInt. Without one it costs nothing more: only a value that needs it is walked twice. */
export function exactJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, item: unknown) =>
      typeof item === 'bigint' ? rawJson(item.toString()) : item,
    );
  }
}
