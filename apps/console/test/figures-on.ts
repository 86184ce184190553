// What a page shows, figure by figure, and what the API answered it: for specs that hold the one against the other.
import type { Locator, Page } from 'playwright-core';

export interface ShownFigure {
  /** The API's name for it (`data-of`); null: a figure that nobody checks. */
  readonly of: string | null;
  /** As it is in copies. */
  readonly value: string;
  readonly text: string;
  readonly title: string;
}

/** Every number and instant in the page's content. */
export async function figuresOn(page: Page): Promise<ShownFigure[]> {
  return page.locator('main').evaluate((main) =>
    [...main.querySelectorAll('data, time')].map((one) => ({
      of: one.getAttribute('data-of'),
      value: one.getAttribute('value') ?? one.getAttribute('datetime') ?? '',
      text: one.textContent ?? '',
      title: one.getAttribute('title') ?? '',
    })),
  );
}

/** The exact value of a figure by its name. */
export async function valueOf(page: Page, name: string): Promise<string | null> {
  return page.locator(`[data-of="${name}"]`).first().getAttribute('value');
}

/** The exact values of the numbers in a part of a page, in order. */
export async function valuesIn(part: Locator): Promise<(string | null)[]> {
  await part.first().waitFor();
  return part.locator('data').evaluateAll((all) => all.map((one) => one.getAttribute('value')));
}

/** The last answer to each path and query that a page asked for, from now on. */
export function watchAnswers(page: Page): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  page.on('response', (response) => {
    const { pathname, search } = new URL(response.url());
    const isJson = response.headers()['content-type']?.includes('json') ?? false;
    if (response.ok() && isJson)
      void response.text().then(
        (text) => answers.set(pathname + search, text),
        () => undefined,
      );
  });
  return answers;
}

/** The answer to the path that contains all of the words; throws where there is none. */
export function answerTo<Body>(answers: ReadonlyMap<string, string>, ...words: string[]): Body {
  const found = [...answers].find(([path]) => words.every((word) => path.includes(word)));
  if (!found) throw new Error(`the page never asked for ${words.join(' … ')}`);
  return JSON.parse(found[1]) as Body;
}

const PLACES = 30;

/** Decimal text as a whole number of 10^-30, so that sums are exact. */
export function decimal(text: string): bigint {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '') throw new RangeError(`"${text}" is not a decimal`);
  return BigInt(`${sign}${whole}${part.padEnd(PLACES, '0')}`);
}

/** The inverse, without zeros at the end: 10^30 is "1". */
export function decimalText(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(PLACES + 1, '0');
  const part = digits.slice(-PLACES).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${part === '' ? '' : `.${part}`}`;
}

/** Whether "$2.42" is "2.41567651" rounded: no more than half a unit of its last digit away. */
export function isRounded(text: string, exact: string): boolean {
  const shown = text.replace(/[^\d.-]/g, '');
  const places = shown.split('.')[1]?.length ?? 0;
  const gap = decimal(shown) - decimal(exact);
  return 2n * (gap < 0n ? -gap : gap) <= 10n ** BigInt(PLACES - places);
}
