// Go's time.Duration.String(), which Groq and OpenAI print in their headers and refusals.

/** Nanoseconds → `0s`, `7.44ms`, `6s`, `1m13.588s`, `2m59.56s`, `1h0m0s` (https://pkg.go.dev/time#Duration.String). */
export function formatGoDuration(nanos: bigint): string {
  if (nanos === 0n) return '0s';
  const sign = nanos < 0n ? '-' : '';
  const value = nanos < 0n ? -nanos : nanos;
  if (value < 1_000n) return `${sign}${value}ns`;
  if (value < 1_000_000n) return `${sign}${decimal(value, 3)}µs`;
  if (value < 1_000_000_000n) return `${sign}${decimal(value, 6)}ms`;
  const hours = value / 3_600_000_000_000n;
  const minutes = (value / 60_000_000_000n) % 60n;
  const seconds = decimal(value % 60_000_000_000n, 9);
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}s`;
  return `${sign}${minutes > 0n ? `${minutes}m` : ''}${seconds}s`;
}

function decimal(value: bigint, places: number): string {
  const text = value.toString().padStart(places + 1, '0');
  const fraction = text.slice(-places).replace(/0+$/, '');
  return `${text.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}
