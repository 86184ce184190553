// Digits in both scripts: what is typed in either is understood, what is written in messages follows the reader's choice.

const ZERO = { arab: 0x0660, persian: 0x06f0 } as const;

/** "١٬٠٠٠٫٥" → "1,000.5": Arabic-Indic and Persian digits and their separators as Latin ones; the rest stays. */
export function latinDigits(text: string): string {
  return text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - ZERO.arab))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - ZERO.persian))
    .replaceAll('٫', '.')
    .replaceAll('٬', ',');
}

/** "1,000.5" → "١٬٠٠٠٫٥": the inverse, with separators only between digits; "50, 80" keeps its comma. */
export function arabicDigits(text: string): string {
  return text
    .replace(/(?<=\d),(?=\d)/g, '٬')
    .replace(/(?<=\d)\.(?=\d)/g, '٫')
    .replace(/\d/g, (digit) => String.fromCharCode(ZERO.arab + Number(digit)));
}
