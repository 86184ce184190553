// The console's build: static files for the edge to serve from dist/console. In development the session, the live events and the
// API are another origin's: METERBOOK_EDGE, by default the edge on port 4000.
import { defineConfig, type Plugin } from 'vite';

const edge = process.env['METERBOOK_EDGE'] ?? 'http://127.0.0.1:4000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [twoLanguages()],
  // One condition more than Vite's own: `#libs/…` is its TypeScript source, as for the specs.
  resolve: { conditions: ['meterbook-source', 'module', 'browser', 'development|production'] },
  esbuild: { jsx: 'automatic', target: 'es2022' },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy names no data: source, and the size test reads which files the first page loads.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The size that counts is measured compressed, by test/build-size.spec.ts.
    chunkSizeWarningLimit: 1_000,
    rollupOptions: {
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/v1', '/session', '/events', '/.well-known'].map((path) => [path, { target: edge }]),
    ),
  },
});

/** React Aria brings its own words in 34 languages; the console speaks two of them, and the others would be 40 kB. */
function twoLanguages(): Plugin {
  const other = /react-aria.*[/\\]intl[/\\].*[/\\](?!en-US|ar-AE)[a-z]{2}-[A-Z]{2}\.m?js$/;
  return {
    name: 'two-languages',
    enforce: 'pre',
    load: (id) => (other.test(id) ? 'export default {};' : null),
  };
}
