import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresTable, storedResults } from './figures.js';

const root = join(import.meta.dirname, '..');
const result = {
  bench: 'ingest',
  command: 'npm run bench -- ingest',
  measured_on: '2026-11-25',
  machine: '2 × CPU',
  ratios: { ingest_to_producer_performance: 0.7936 },
  figures: { ingest_events_per_second: 105_118.3 },
};

describe('figures of the README', () => {
  it('are those of the stored results, with their command', () => {
    const [head, line, row, ...more] = figuresTable([result]).split('\n');
    expect([head, line, more]).toEqual(['| what | measured | by |', '| --- | --- | --- |', []]);
    expect(row).toBe(
      '| events over HTTP, checked, on all in-sync replicas | 105,118 a second, ' +
        "0.79 of Kafka's ProducerPerformance with the same bytes | " +
        '`npm run bench -- ingest`, 2026-11-25 |',
    );
  });

  it('leave out what was not measured', () => {
    expect(figuresTable([{ ...result, ratios: {} }])).toContain('| 105,118 a second |');
    expect(figuresTable([]).split('\n')).toHaveLength(2);
  });

  it('stand in the README as the benches left them', () => {
    const table = figuresTable(storedResults(root));
    expect(table.split('\n').length).toBeGreaterThan(6);
    expect(readFileSync(join(root, 'README.md'), 'utf8').includes(table)).toBe(true);
  });
});
