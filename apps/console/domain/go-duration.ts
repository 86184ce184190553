// Go's time.Duration.String(), read back: the API says `full_in: "1m13.588s"`.

const NANOS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  µs: 1_000n,
  ns: 1n,
};

/** "7.44ms" → 7440000n, "1h0m0s" → 3600000000000n; undefined for what is no Go duration. Exact: no float between. */
export function parseGoDuration(text: string): bigint | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|µs|ns))+$/.test(text)) return undefined;
  let sum = 0n;
  for (const [, whole = '0', fraction = '', unit = 's'] of text.matchAll(
    /(\d+)(?:\.(\d+))?(h|ms|m|s|µs|ns)/g,
  ))
    sum += (BigInt(whole + fraction) * (NANOS[unit] ?? 0n)) / 10n ** BigInt(fraction.length);
  return sum;
}
