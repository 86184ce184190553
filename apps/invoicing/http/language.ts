// Which language a document is wanted in, by `Accept-Language` (RFC 9110, 12.5.4).
import type { Language } from '../domain/document-words.js';

const OFFERED: readonly Language[] = ['en', 'ar'];

/** The language wanted most, the first of equals; English when neither is: a bill is better in another language than not at all. */
export function negotiateLanguage(header: string | undefined): Language {
  const [best] = (header ?? '')
    .split(',')
    .map(readRange)
    .filter(({ quality }) => quality > 0)
    .toSorted((left, right) => right.quality - left.quality)
    .flatMap(({ tag }) => OFFERED.filter((language) => language === tag));
  return best ?? 'en';
}

function readRange(text: string) {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { tag: range.split('-')[0], quality: quality >= 0 && quality <= 1 ? quality : 0 };
}
