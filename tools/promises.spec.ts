// docs/promises.md names a test for each promise of the design: this fails when one of them is gone or was renamed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'promises.md'), 'utf8');
const rows = [...page.matchAll(/^\| (.+?) \| `(.+?)` \| (.+?) \|$/gm)].map(
  ([, promise = '', file = '', title = '']) => [promise, file, title] as const,
);

describe('promises', () => {
  it('are all five of the design', () => {
    const named = rows.flatMap(([promise]) => /^\*\*(.+?)\.\*\*/.exec(promise)?.[1] ?? []);
    expect(named).toEqual(['Once', 'One number', 'No overshoot', 'Reproducible', 'Transparent']);
  });

  it.each(rows)('%s: %s holds “%s”', (_, file, title) => {
    expect(existsSync(join(root, file))).toBe(true);
    // A title may be broken over lines, and its quotes are the code's.
    const code = readFileSync(join(root, file), 'utf8').replaceAll(/\s+/g, ' ');
    // Not toContain: its message would be the whole file.
    expect(code.includes(title)).toBe(true);
  });
});
