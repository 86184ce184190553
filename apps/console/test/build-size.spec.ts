import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const folder = join(import.meta.dirname, '..', '..', '..', 'dist', 'console');

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

describe('the built console', () => {
  const manifest = join(folder, '.vite', 'manifest.json');
  const chunks = (existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {}) as Record<
    string,
    Chunk
  >;
  const withImports = (name: string): string[] => {
    const { file, imports = [] } = chunks[name] ?? { file: '' };
    return [file, ...imports.flatMap(withImports)];
  };
  const kilobytes = (names: readonly string[]): number => {
    const files = new Set(names.flatMap(withImports));
    return [...files].reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length / 1_000,
      0,
    );
  };

  it.each(['pages/dashboard-page.tsx', 'pages/pricing-page.tsx', 'pages/usage-page.tsx'])(
    'needs at most 200 kB of compressed script to begin with %s',
    (page) => {
      expect(Object.keys(chunks)).toContain(page);
      expect(kilobytes(['index.html', page])).toBeLessThanOrEqual(200);
    },
  );

  it('has no inline script, style or event handler in its page', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
  });
});
