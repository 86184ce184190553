// docs/performance.md is written by the benches: each result goes to docs/performance/NAME.json and into its own section of the page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BenchResult } from './measure.js';

/** Where in the repository; the bench that is run from `dist` names the root. */
export function recordResult(root: string, result: BenchResult, command: string): void {
  const stored = { command, measured_on: new Date().toISOString().slice(0, 10), ...result };
  const json = join(root, 'docs', 'performance', `${result.bench}.json`);
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify(stored, null, 2)}\n`);
  const page = join(root, 'docs', 'performance.md');
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), result.bench, sectionOf(stored)));
}

export interface StoredResult extends BenchResult {
  readonly command: string;
  readonly measured_on: string;
}

/** The page with one section replaced, or added at its end. Sections stand between `<!-- bench NAME -->` and `<!-- end NAME -->`. */
export function withSection(page: string, name: string, section: string): string {
  const open = `<!-- bench ${name} -->`;
  const close = `<!-- end ${name} -->`;
  const text = `${open}\n${section}\n${close}`;
  const from = page.indexOf(open);
  const to = page.indexOf(close);
  if (from < 0 || to < from) return `${page.trimEnd()}\n\n${text}\n`;
  return page.slice(0, from) + text + page.slice(to + close.length);
}

/** A table of what was measured, its command, its day and its machine. */
export function sectionOf(result: StoredResult): string {
  const rows = [...Object.entries(result.ratios), ...Object.entries(result.figures)];
  return [
    `### ${result.bench}`,
    '',
    `\`${result.command}\`, ${result.measured_on}, ${result.machine}.`,
    '',
    '| figure | value |',
    '| --- | ---: |',
    ...rows.map(([name, value]) => `| ${name.replaceAll('_', ' ')} | ${shown(value)} |`),
  ].join('\n');
}

/** 1234.5 → 1,235; 0.4567 → 0.46. */
export function shown(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
