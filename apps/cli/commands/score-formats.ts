// How well do the door's normalisers read the published collection of real usage objects?
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  objectCase,
  pricedCase,
  streamCase,
  type FormatCase,
  type ObjectRow,
  type PricedRow,
  type StreamRow,
} from '../domain/format-answers.js';
import { scoreReport, unexplained, withReport, type Scored } from '../domain/format-report.js';
import { scoreFormats } from '../domain/format-score.js';
import type { Progress } from '../progress.js';

export interface ScoreOptions {
  /** The collection's folder: usage_objects.jsonl, usage_streams.jsonl, genai_prices_cases.jsonl.gz. */
  readonly data: string;
  /** The document whose part between the markers is replaced. */
  readonly write?: string;
}

/** Prints the table; true when each miss has its reason. Throws when the collection is not there. */
export async function scoreFormatsOf(options: ScoreOptions, progress: Progress): Promise<boolean> {
  const scored: Scored[] = [
    score('objects', options.data, 'usage_objects.jsonl', (row) => objectCase(row as ObjectRow)),
    score('streams', options.data, 'usage_streams.jsonl', (row) => streamCase(row as StreamRow)),
    score('cases with answers', options.data, 'genai_prices_cases.jsonl.gz', (row) =>
      pricedCase(row as PricedRow),
    ),
  ];
  const report = scoreReport(scored);
  progress.say(report);
  if (options.write)
    writeFileSync(options.write, withReport(readFileSync(options.write, 'utf8'), report));
  const misses = unexplained(scored);
  progress.result({ scored: scored.map(({ what, scores }) => ({ what, misses: scores.misses })) });
  return misses.length === 0;
}

function score(
  what: string,
  folder: string,
  file: string,
  toCase: (row: unknown) => FormatCase | undefined,
): Scored {
  const path = join(folder, file);
  if (!existsSync(path)) throw new Error(`${path} is not there: name the collection with --data`);
  const bytes = readFileSync(path);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const cases = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => toCase(JSON.parse(line)));
  return { what, scores: scoreFormats(cases.filter((one) => one !== undefined)) };
}
