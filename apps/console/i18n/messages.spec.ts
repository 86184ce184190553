import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ar } from './ar.js';
import { en, type Key } from './en.js';
import { fill, type Message, parts, pick } from './translate.js';

const root = join(import.meta.dirname, '..');
const forms = (message: Message): string[] =>
  typeof message === 'string' ? [message] : Object.values(message);
const names = (text: string): string[] =>
  parts(text)
    .filter((_, place) => place % 2 === 1)
    .toSorted();

describe('messages', () => {
  const keys = Object.keys(en) as Key[];

  it('are the same ones in both languages', () => {
    expect(Object.keys(ar).toSorted()).toEqual(keys.toSorted());
  });

  it('take the same values in both languages', () => {
    const differing = keys.filter((key) => {
      const [first = ''] = forms(en[key]).toReversed();
      const [other = ''] = forms(ar[key]).toReversed();
      return names(first).join(',') !== names(other).join(',');
    });
    expect(differing).toEqual([]);
  });

  it('are written in Arabic', () => {
    const foreign = keys.filter(
      (key) => !forms(ar[key]).some((text) => /[\u0600-\u06FF]/.test(text)),
    );
    expect(foreign).toEqual(['usage.csv', 'settings.digits_latn']);
  });

  it('are all said somewhere', () => {
    const files = globSync('**/*.{ts,tsx}', { cwd: root }).filter(
      (file) => !file.startsWith('i18n') && !file.includes('.spec.'),
    );
    const source = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    // `name('limit', …)` says any key of the group, as `${…}` in a key does.
    const groups = [
      ...source.matchAll(/name\(\s*'([\w.]+)'|named\('(\w+)'|[`'](\w+\.(?:\w*))\$\{/g),
    ].map(([, one, other, start]) => start ?? `${one ?? other}.`);
    const silent = keys.filter(
      (key) =>
        !source.includes(`'${key}'`) &&
        !source.includes(`"${key}"`) &&
        !groups.some((group) => key.startsWith(group)),
    );
    expect(silent).toEqual([]);
  });

  it('shout nowhere', () => {
    expect(keys.filter((key) => forms(en[key]).some((text) => text.includes('!')))).toEqual([]);
  });
});

describe('plural', () => {
  it.each([
    [0n, 'لا أحداث'],
    [1n, 'حدث واحد'],
    [2n, 'حدثان'],
    [3n, '{count} أحداث'],
    [11n, '{count} حدثًا'],
    [100n, '{count} حدث'],
    [9_007_199_254_740_993n, '{count} حدثًا'],
  ])('of %s in Arabic is "%s"', (count, text) => {
    expect(pick(ar['invoice.events'], 'ar', count)).toBe(text);
  });
});

describe('values', () => {
  it('take their places, and one that is missing stays visible', () => {
    expect(fill('{used} of {limit}', { used: '1' })).toBe('1 of {limit}');
  });
});
