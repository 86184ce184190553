// A pattern in which a repeated group ends in a repetition can take exponential time on a hostile text: (a+)+ on aaaaaaaaaaaaaaaa!.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'apps', 'libs'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.tsx?$/.test(file) && !/(\.spec|\/test\/)/.test(file));

/** Without what holds no repetition of its own: s for a sign, e for another escape, c for a class. */
function bones(pattern: string): string {
  const classes = pattern.replaceAll(/\[(?:\\.|[^\]\\])*\]/g, 'c');
  return classes.replaceAll(/\\[^\w]/g, 's').replaceAll(/\\./g, 'e');
}

/** A group that is repeated without end, itself ends in an endless repetition, and does not begin with a sign that tells its turns apart. */
function isHostile(pattern: string): boolean {
  return /\((?:\?:)?(?!s)[^()]*[*+]\)(?:[*+]|\{\d+,\})/.test(bones(pattern));
}

const REGEX =
  /(?<=[=(,:!&|?\s])\/(?![/*\s])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/[dgimsuvy]*/g;

describe('patterns', () => {
  it.each([
    ['(a+)+', true],
    ['^([a-z]+)*$', true],
    ['(?:x*)+y', true],
    ['(\\d+){2,}', true],
    ['(\\.[a-z]+)+', false],
    ['(a+b)+', false],
    ['[a+]+', false],
    ['(\\+)+', false],
    ['(a+){2}', false],
  ])('%s could take for ever: %s', (pattern, hostile) => {
    expect(isHostile(pattern)).toBe(hostile);
  });

  it('has no repeated group that can match one text in many ways', () => {
    let seen = 0;
    const found: string[] = [];
    for (const file of files)
      for (const [, pattern = ''] of readFileSync(join(root, file), 'utf8').matchAll(REGEX)) {
        seen += 1;
        if (isHostile(pattern)) found.push(`${file}: ${pattern}`);
      }
    expect(found).toEqual([]);
    // Or the patterns would not be found any more.
    expect(seen).toBeGreaterThan(100);
  });
});
