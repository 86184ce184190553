// The README's figures: a few of each bench, out of docs/performance/*.json, written whenever a bench writes its result.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shown, type StoredResult, withSection } from './record.js';

interface Headline {
  readonly bench: string;
  readonly what: string;
  /** The names of its numbers among the result's ratios and figures, each with the words around it; `#` is the number. */
  readonly says: readonly (readonly [name: string, words: string])[];
}

const HEADLINES: readonly Headline[] = [
  {
    bench: 'ingest',
    what: 'events over HTTP, checked, on all in-sync replicas',
    says: [
      ['ingest_events_per_second', '# a second'],
      ['ingest_to_producer_performance', "# of Kafka's ProducerPerformance with the same bytes"],
    ],
  },
  {
    bench: 'metering',
    what: 'events counted once, by identity, in Postgres',
    says: [
      ['metering_events_per_second', '# a second'],
      ['metering_to_bare_insert', '# of a bare `INSERT … SELECT unnest`'],
    ],
  },
  {
    bench: 'chain',
    what: 'load, ingest, broker, metering and Postgres at once',
    says: [
      ['chain_events_per_second', '# events a second'],
      ['total_cpu_us', '# µs of CPU each'],
    ],
  },
  {
    bench: 'freshness',
    what: 'from sending an event until `/v1/usage` shows it, at half load',
    says: [
      ['visible_p50_ms', 'p50 # ms'],
      ['visible_p99_ms', 'p99 # ms'],
    ],
  },
  {
    bench: 'quota',
    what: 'checks over HTTP, 50 connections',
    says: [
      ['quota_checks_per_second', '# a second'],
      ['p99_ms', 'p99 # ms'],
      ['quota_to_no_check', '# of the same server without a check'],
    ],
  },
];

/** A table of what the stored results say; a bench without one has no row. */
export function figuresTable(results: readonly StoredResult[]): string {
  const rows = HEADLINES.flatMap(({ bench, what, says }) => {
    const result = results.find((one) => one.bench === bench);
    if (!result) return [];
    const numbers: Readonly<Record<string, number>> = { ...result.ratios, ...result.figures };
    const told = says.flatMap(([name, words]) => {
      const value = numbers[name];
      return value === undefined ? [] : [words.replace('#', shown(value))];
    });
    return [`| ${what} | ${told.join(', ')} | \`${result.command}\`, ${result.measured_on} |`];
  });
  return ['| what | measured | by |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The results that are stored in the repository. */
export function storedResults(root: string): StoredResult[] {
  return HEADLINES.flatMap(({ bench }) => {
    const file = join(root, 'docs', 'performance', `${bench}.json`);
    return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as StoredResult] : [];
  });
}

/** Writes the table into the README, where it has a place for it. */
export function writeFigures(root: string): void {
  const readme = join(root, 'README.md');
  if (!existsSync(readme)) return;
  const text = readFileSync(readme, 'utf8');
  if (!text.includes('<!-- bench figures -->')) return;
  writeFileSync(readme, withSection(text, 'figures', figuresTable(storedResults(root))));
}
