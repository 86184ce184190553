// Bytes → JSON, without throwing and without a digit lost.

/** Numbers below this keep four binary places, so that a lost fraction cannot have been a unit: 2^50. */
export const SURELY_EXACT = 1_125_899_906_842_624;

const REPLACEMENT = '\ufffd';
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 → text; undefined when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  if (!text.includes(REPLACEMENT)) return text;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Text → value, undefined when it is not JSON. Of a repeated name the last one counts, as everywhere in JavaScript. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The same, but a large number that JavaScript cannot hold as it was written becomes NaN, which no rule accepts:
 * 9007199254740990.6 would else pass as 9007199254740991. Several times slower: for events that hold such numbers.
 */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, exactOrNaN as (key: string, value: unknown) => unknown);
}

/** How many arrays and objects are inside one another at most, counted up to one more than `limit`. */
export function depthOf(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (limit === 0) return 1;
  let deepest = 0;
  for (const part of Object.values(value)) deepest = Math.max(deepest, depthOf(part, limit - 1));
  return 1 + deepest;
}

function exactOrNaN(_key: string, value: unknown, context: { readonly source: string }): unknown {
  if (typeof value !== 'number' || Math.abs(value) < SURELY_EXACT) return value;
  return isWritten(value, context.source) ? value : Number.NaN;
}

function isWritten(value: number, source: string): boolean {
  const match = /^(-?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source);
  // Between 2^50 and 2^53 a number may have a fraction: it is no count, and no BigInt either.
  if (!match || !Number.isInteger(value)) return false;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  const zeros = Number(match[3] ?? 0) - fraction.length;
  const digits = BigInt(`${match[1]}${fraction}`);
  if (zeros > 400 || zeros < -16_384) return false;
  return zeros >= 0
    ? BigInt(value) === digits * 10n ** BigInt(zeros)
    : BigInt(value) * 10n ** BigInt(-zeros) === digits;
}
