// ISO 4217 minor digits, out of the language's own table.

/** 2 for USD, 0 for JPY, 3 for BHD. Throws RangeError on what is not a currency code. */
export function minorDigits(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
