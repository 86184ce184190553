// Content negotiation by `Accept` (RFC 9110, 12.5.1): the offered media type that the caller wants most.
import { Problem } from '#libs/http/problem.js';

interface Range {
  readonly type: string;
  readonly quality: number;
}

/** The best of the offered types, the first of equals; without a header the first. 406 `not_acceptable` names what there is. */
export function negotiate<Type extends string>(
  accept: string | undefined,
  offered: readonly Type[],
): Type {
  const ranges = (accept ?? '*/*').split(',').map(readRange);
  const [best] = offered
    .map((type) => ({ type, quality: qualityOf(type, ranges) }))
    .filter(({ quality }) => quality > 0)
    .toSorted((left, right) => right.quality - left.quality);
  if (!best)
    throw new Problem(406, 'not_acceptable', `This can be had as ${offered.join(' or ')}.`);
  return best.type;
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

// The most specific range that fits decides, so that `*/*, text/csv;q=0` is anything but CSV.
function qualityOf(type: string, ranges: readonly Range[]): number {
  const group = `${type.split('/')[0]}/*`;
  for (const name of [type, group, '*/*']) {
    const found = ranges.find((range) => range.type === name);
    if (found) return found.quality;
  }
  return 0;
}
