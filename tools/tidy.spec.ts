// The house rules that no linter knows: sizes, specs beside rules, words, and lists that must agree.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TOPICS } from '../libs/events/topics.js';

const root = join(import.meta.dirname, '..');
const files = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', 'apps', 'libs', 'bench', 'tools'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => /\.tsx?$/.test(file) && existsSync(join(root, file)));
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const isSpec = (file: string): boolean => /\.spec\.tsx?$/.test(file);
const offenders = (found: (file: string) => boolean, among = files): string[] =>
  among.filter(found);

// A file that needs more says why on its first line, with the words "longer than".
const mayBeLong = (file: string): boolean => /longer than/.test(text(file).split('\n', 1)[0] ?? '');
const lines = (file: string): number => text(file).split('\n').length - 1;

describe('the tree', () => {
  it('keeps source files within 200 lines and specs within 300', () => {
    expect(
      offenders((file) => lines(file) > (isSpec(file) ? 300 : 200) && !mayBeLong(file)),
    ).toEqual([]);
  });

  it('has a spec beside each rule that computes', () => {
    const rules = files.filter((file) => /\/domain\/[^/]+\.ts$/.test(file) && !isSpec(file));
    const computes = rules.filter((file) => /=>|\bfunction\b/.test(text(file)));
    const untested = computes.filter(
      (file) =>
        !['.spec.ts', '.property.spec.ts'].some((end) =>
          existsSync(join(root, file.replace(/\.ts$/, end))),
        ),
    );
    expect(untested).toEqual([]);
  });

  it('leaves no marker words behind', () => {
    // Bracketed, so that this line is not its own first finding.
    const marker = /TO[D]O|FIX[M]E|XX[X]|console\.lo[g]/;
    expect(offenders((file) => marker.test(text(file)))).toEqual([]);
  });

  it('names no file after a drawer', () => {
    const drawer =
      /(^|[-.])(utils?|helpers?|common|shared|core|base|manager|handler|processor)([-.]|$)/;
    expect(offenders((file) => drawer.test(basename(file)))).toEqual([]);
  });

  it('lists the same topics for the code and for the broker', () => {
    const topics = JSON.parse(text('infra/kafka/topics.json')) as {
      topics: Record<string, unknown>;
    };
    expect(Object.keys(topics.topics).toSorted()).toEqual(
      TOPICS.map(({ name }) => name).toSorted(),
    );
  });

  it('has nothing at the top level but what the house names', () => {
    const top = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    })
      .split('\n')
      .map((file) => file.split('/')[0] ?? '')
      .filter((name) => name !== '' && !name.startsWith('.'));
    const allowed = [
      'apps',
      'bench',
      'catalog',
      'docker-compose.yml',
      'docs',
      'examples',
      'infra',
      'jest.config.js',
      'libs',
    ];
    allowed.push(
      'nest-cli.json',
      'package-lock.json',
      'package.json',
      'README.md',
      'tools',
      'tsconfig.build.json',
      'tsconfig.json',
    );
    expect([...new Set(top)].filter((name) => !allowed.includes(name))).toEqual([]);
  });
});
