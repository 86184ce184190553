// ISO 4217: which currencies there are, and how many digits the minor unit of each has.

// The exceptions of ISO 4217 (list one, 2024); every other currency has two. The language's own table follows CLDR, which has
// none for the Iraqi dinar and the afghani, where the standard has three and two.
const NOT_TWO: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const DIGITS: ReadonlyMap<string, number> = new Map([
  ...Intl.supportedValuesOf('currency').map((code) => [code, 2] as const),
  ...Object.entries(NOT_TWO).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number(digits)] as const),
  ),
]);

/** Whether ISO 4217 knows the code. */
export function isCurrency(code: string): boolean {
  return DIGITS.has(code);
}

/** 2 for USD, 0 for JPY, 3 for KWD. Throws RangeError on what is not a currency code. */
export function minorDigits(currency: string): number {
  const digits = DIGITS.get(currency);
  if (digits === undefined) throw new RangeError(`"${currency}" is not an ISO 4217 currency code`);
  return digits;
}
