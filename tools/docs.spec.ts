// What the pages point at is there: links with their headings, files, scripts; and every page is reached from the README.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '..');
const pages = globSync(['README.md', 'docs/**/*.md', 'examples/*/README.md'], { cwd: root });
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
const found = (page: string, pattern: RegExp): string[] =>
  [...textOf(page).matchAll(pattern)].map(([, text = '']) => text);

/** Links of a page to others of ours: the file from the root, and the heading. */
function linksOf(page: string): { file: string; heading: string | undefined }[] {
  return found(page, /\]\(([^)\s]+)\)/g)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = '', heading] = link.split('#');
      return { file: path === '' ? page : normalize(join(dirname(page), path)), heading };
    });
}

// As GitHub makes them: lower case, no signs, hyphens for spaces.
function headingsOf(page: string): string[] {
  return found(page, /^#+ +(.+)$/gm).map((title) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('pages', () => {
  it('are many', () => {
    expect(pages.length).toBeGreaterThan(25);
  });

  it.each(pages)('%s links to what is there', (page) => {
    const broken = linksOf(page).filter(
      ({ file, heading }) =>
        !existsSync(join(root, file)) ||
        (heading !== undefined && !headingsOf(file).includes(heading)),
    );
    expect(broken).toEqual([]);
  });

  it.each(pages)('%s names files that are there', (page) => {
    const path = /`((?:apps|libs|tools|bench|examples|infra|catalog|docs)\/[\w./@-]+\.\w+)`/g;
    const absent = found(page, path).filter(
      // NAME stands for any.
      (file) => !file.includes('NAME') && !existsSync(join(root, file)),
    );
    expect(absent).toEqual([]);
  });

  it.each(pages)('%s names scripts that are there', (page) => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = found(page, /npm run (?:--silent )?([a-z][\w:-]*)/g);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('are all reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached)
      for (const { file } of linksOf(page).filter((link) => link.file.endsWith('.md')))
        reached.add(file);
    // A folder is a list of its pages.
    const listed = pages.filter((page) => !page.startsWith('docs/decisions/'));
    expect(listed.filter((page) => !reached.has(page))).toEqual([]);
  });
});

describe('the walk from the door to the invoice', () => {
  const steps = found('docs/architecture.md', /^\d\. `([\w./-]+)`:/gm);

  it('is six files', () => {
    expect(steps).toHaveLength(6);
  });

  it.each([
    // file                                            what the walk says it does
    ['apps/ingest/http/events.controller.ts', ['this.door.admit(', 'this.door.append(']],
    ['apps/ingest/store/usage-log.ts', ['this.log.append(USAGE_RECORDED']],
    [
      'libs/projection/slice-transaction.ts',
      ['positions.lock(', 'projection.fold(', 'positions.advance('],
    ],
    ['apps/metering/consumers/usage.projection.ts', ['identities.claim(', 'publisher.publish(']],
    ['apps/invoicing/consumers/usage.projection.ts', ['unseenEventsOf(', 'hours.add(']],
    ['apps/invoicing/domain/invoice.ts', ['roundToMinor(', 'allocateMinor(']],
  ])('%s does %j', (file, does) => {
    expect(steps).toContain(file);
    const code = textOf(file);
    expect(does.filter((call) => !code.includes(call))).toEqual([]);
  });
});
