// How exact numbers are shown: rounded for the eye, by the reader's locale, from decimal text and bigint; never through a float.

export interface ReaderLocale {
  readonly language: 'en' | 'ar';
  /** Digits of Arabic text: Latin 0–9 or Arabic-Indic ٠–٩. English always has Latin ones. */
  readonly digits: 'latn' | 'arab';
}

/** The BCP 47 tag: `ar-u-nu-latn`. */
export function tagOf({ language, digits }: ReaderLocale): string {
  return language === 'ar' ? `ar-u-nu-${digits}` : 'en';
}

export type Figures = ReturnType<typeof figuresIn>;

/** Formatters of a locale. Decimal text goes to Intl as text, which rounds its exact value half to even. */
export function figuresIn(locale: ReaderLocale) {
  const tag = tagOf(locale);
  const number = (options: Intl.NumberFormatOptions) => cached(tag, options);
  const unit = (name: string, value: bigint): string =>
    number({ style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  return {
    /** 1234567n → "1,234,567". */
    count: (value: bigint): string => number({}).format(value),
    /** 1234567n → "1.2M": for axes and where the whole number stands beside it. */
    compact: (value: bigint | number): string =>
      number({ notation: 'compact', maximumSignificantDigits: 3 }).format(value),
    /** "12.345" USD → "$12.34" (half to even); below a cent two significant digits: "0.0000064" → "$0.0000064". */
    money: (exact: string, currency: string): string => money(tag, exact, currency),
    /** A price per million as it is, every digit: "0.05" → "$0.05", "0.0125" → "$0.0125". */
    price: (exact: string, currency: string): string =>
      number({
        ...currencyStyle(currency),
        minimumFractionDigits: 2,
        maximumFractionDigits: 15,
      }).format(decimal(exact)),
    /** 80n → "80%". */
    percent: (value: bigint): string =>
      number({ style: 'unit', unit: 'percent', unitDisplay: 'narrow' }).format(value),
    /** Nanoseconds → "17 sec", "1 min, 14 sec", "2 hr, 5 min": rounded up, so that nobody is told too early. */
    duration: (nanos: bigint): string => duration(nanos, unit),
    seconds: (value: bigint): string => unit('second', value),
  };
}

function money(tag: string, exact: string, currency: string): string {
  const style = { ...currencyStyle(currency), roundingMode: 'halfEven' } as const;
  const isSmall = /^-?0\.00\d*[1-9]/.test(exact);
  return cached(
    tag,
    isSmall ? { ...style, minimumSignificantDigits: 1, maximumSignificantDigits: 2 } : style,
  ).format(decimal(exact));
}

function currencyStyle(currency: string): Intl.NumberFormatOptions {
  return { style: 'currency', currency, currencyDisplay: 'narrowSymbol' };
}

// Intl takes decimal text and keeps its exact value (ECMA-402, NumberFormat v3); the type wants it to look like a number.
function decimal(exact: string): Intl.StringNumericLiteral {
  if (!/^-?\d+(\.\d+)?$/.test(exact)) throw new RangeError(`"${exact}" is not a decimal`);
  return exact as Intl.StringNumericLiteral;
}

function duration(nanos: bigint, unit: (name: string, value: bigint) => string): string {
  const seconds = (nanos + 999_999_999n) / 1_000_000_000n;
  if (seconds < 60n) return unit('second', seconds);
  if (seconds < 3_600n) return join([unit('minute', seconds / 60n), [seconds % 60n, 'second']]);
  // From an hour on the second unit is minutes, rounded up as well.
  const minutes = (seconds + 59n) / 60n;
  return join([unit('hour', minutes / 60n), [minutes % 60n, 'minute']]);

  function join([first, [rest, name]]: [string, [bigint, string]]): string {
    return rest === 0n ? first : `${first} ${unit(name, rest)}`;
  }
}

const formats = new Map<string, Intl.NumberFormat>();

function cached(tag: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${tag} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(tag, options);
  formats.set(key, format);
  return format;
}
