// Money is a bigint of femto-units (10^-15) of a currency. Nothing here ever makes a float of it.

/** Femto-units of one currency unit. */
export const FEMTO = 10n ** 15n;

const DECIMAL = /^(-?)(\d{1,24})(?:\.(\d{1,24}))?$/;

/** "12.345" → 12345000000000000n. Throws RangeError on anything but a plain decimal of at most 15 places. */
export function parseMoney(text: string): bigint {
  return parseScaled(text, 15);
}

/** USD per million units → femto-USD per unit: "0.05" → 50000000n. At most 9 decimal places, so that it is exact. */
export function parsePricePerMillion(text: string): bigint {
  return parseScaled(text, 9);
}

/** Exact, no trailing zeros: 12345000000000000n → "12.345"; 0n → "0". The form of every `…_exact` field. */
export function formatExact(femto: bigint): string {
  return formatScaled(femto, 15);
}

/** femto per unit → USD per million, exact: 50000000n → "0.05". */
export function formatPricePerMillion(femtoPerUnit: bigint): string {
  return formatScaled(femtoPerUnit, 9);
}

/** Rounds half to even to `digits` minor digits (2 for USD) and gives minor units: 12.345 USD → 1234n, 12.355 → 1236n. */
export function roundToMinor(femto: bigint, digits = 2): bigint {
  const unit = 10n ** BigInt(15 - digits);
  const floor = floorDivide(femto, unit);
  const twice = 2n * (femto - floor * unit);
  if (twice > unit || (twice === unit && floor % 2n !== 0n)) return floor + 1n;
  return floor;
}

/** Minor units as a decimal with all its minor digits: 1235n → "12.35". */
export function formatMinor(minor: bigint, digits = 2): string {
  if (digits === 0) return minor.toString();
  const sign = minor < 0n ? '-' : '';
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * Splits a rounded total over exact parts by largest remainder, so that the parts sum to it: [1/3, 1/3, 1/3] of 1.00 is
 * [0.34, 0.33, 0.33]. Ties go to the earlier part. The total must be what the parts' sum rounds to.
 */
export function allocateMinor(parts: readonly bigint[], totalMinor: bigint, digits = 2): bigint[] {
  const unit = 10n ** BigInt(15 - digits);
  const floors = parts.map((part) => floorDivide(part, unit));
  const missing = totalMinor - floors.reduce((sum, part) => sum + part, 0n);
  if (missing < 0n || missing > BigInt(parts.length))
    throw new RangeError(`cannot give ${missing} minor units to ${parts.length} parts`);
  const byRemainder = parts
    .map((part, index) => ({ index, remainder: part - (floors[index] ?? 0n) * unit }))
    .toSorted(
      (left, right) => compare(right.remainder, left.remainder) || left.index - right.index,
    );
  for (const { index } of byRemainder.slice(0, Number(missing)))
    floors[index] = (floors[index] ?? 0n) + 1n;
  return floors;
}

function parseScaled(text: string, places: number): bigint {
  const match = DECIMAL.exec(text);
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > places)
    throw new RangeError(`"${text}" is not a decimal with at most ${places} places`);
  const scaled = BigInt(`${match[2]}${fraction.padEnd(places, '0')}`);
  return match[1] === '-' ? -scaled : scaled;
}

function formatScaled(value: bigint, places: number): string {
  const sign = value < 0n ? '-' : '';
  const text = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  const fraction = text.slice(-places).replace(/0+$/, '');
  return `${sign}${text.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}

// bigint division truncates; −1 / 100 must be −1 remainder 99 for remainders to be comparable.
function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
