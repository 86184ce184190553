// Texts for a printed page: what a line of type can take, and which way it runs.

/** Invisible and strongly left to right: keeps an id, a date or an amount whole inside Arabic text. */
const LRM = '\u200e';

// Marks that reorder or hide text around them: a customer's name may not turn the amount beside it.
const MARKS = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g;

/** A user's text as lines without control characters, reordering marks and empty lines. */
export function cleanLines(text: string): string[] {
  return text
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) =>
      line
        .replaceAll(MARKS, '')
        .replaceAll(/\p{Cc}+/gu, ' ')
        .trim(),
    )
    .filter((line) => line !== '');
}

/** By its first letter, as Unicode's rule P2 has it: Arabic and Hebrew run from the right, all else from the left. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  const first = /[\p{L}\u200e]/u.exec(text)?.[0] ?? '';
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(first)
    ? 'rtl'
    : 'ltr';
}

/** Keeps a Latin part of an Arabic line in its own order: `MB-2026-000017`, `-1.50 USD`. */
export function isolated(text: string): string {
  return `${LRM}${text}${LRM}`;
}

/**
 * Breaks words that are longer than a line of `most` characters, after `/ - _ . : @` where there is one, so that a model's name
 * stays in its column: no hyphen is added that is not in the name.
 */
export function breakLong(text: string, most: number): string {
  return text
    .split(' ')
    .map((word) => (word.length <= most ? word : brokenWord(word, most)))
    .join(' ');
}

function brokenWord(word: string, most: number): string {
  const lines: string[] = [];
  let line = '';
  for (const part of word.match(/[^/\-_.:@]*[/\-_.:@]|[^/\-_.:@]+/g) ?? []) {
    if (line.length + part.length > most && line !== '') {
      lines.push(line);
      line = '';
    }
    line += part;
    while (line.length > most) {
      lines.push(line.slice(0, most));
      line = line.slice(most);
    }
  }
  const whole = [...lines, line].filter((one) => one !== '').join('\n');
  // Each piece keeps the order that the whole had.
  return word.includes(LRM) ? whole.replaceAll('\n', `${LRM}\n${LRM}`) : whole;
}

/** `1234567.80` → `1,234,567.80`; the digits stay as they are. */
export function grouped(decimal: string | number | bigint): string {
  const [whole = '', fraction] = String(decimal).split('.');
  const text = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? text : `${text}.${fraction}`;
}
