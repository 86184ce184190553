// Builds the console into dist/console, unless what is there is newer than everything that it is made of (vite takes 3 s).
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');
const sources = [
  ...globSync('apps/console/**/*.{ts,tsx,css,html,js,svg}', { cwd: root }),
  ...globSync('libs/{money,time,events}/**/*.ts', { cwd: root }),
  'package-lock.json',
  'tools/build-console.js',
].filter((file) => !/\.spec\.tsx?$/.test(file));
const changed = Math.max(...sources.map((file) => statSync(join(root, file)).mtimeMs));
const built = statSync(join(root, 'dist/console/index.html'), { throwIfNoEntry: false })?.mtimeMs;

if (built === undefined || built < changed)
  await build({ configFile: join(root, 'apps/console/vite.config.ts'), logLevel: 'warn' });
