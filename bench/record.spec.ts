import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordResult, shown, withSection } from './record.js';

const result = {
  bench: 'chain',
  ratios: { chain_to_aim: 0.456 },
  figures: { events_per_second: 40_123.4 },
  machine: '2 × CPU',
};

describe('performance page', () => {
  it('gets a section, which the next run replaces', () => {
    const once = withSection('# Page\n', 'a', 'one');
    expect(once).toBe('# Page\n\n<!-- bench a -->\none\n<!-- end a -->\n');
    const both = withSection(once, 'b', 'two');
    expect(withSection(both, 'a', 'three')).toBe(both.replace('one', 'three'));
    expect(withSection(both, 'b', 'four')).toBe(both.replace('two', 'four'));
  });

  it('keeps what stands around its sections', () => {
    const page = 'before\n<!-- bench a -->\nold\n<!-- end a -->\nafter\n';
    expect(withSection(page, 'a', 'new')).toBe(
      'before\n<!-- bench a -->\nnew\n<!-- end a -->\nafter\n',
    );
  });

  it('is written with the command, the machine and each figure; the raw figures go beside it', () => {
    const root = mkdtempSync(join(tmpdir(), 'meterbook-record-'));
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'docs', 'performance.md'), '# Performance\n');
    recordResult(root, result, 'npm run bench -- chain');
    const page = readFileSync(join(root, 'docs', 'performance.md'), 'utf8');
    expect(page).toMatch(/`npm run bench -- chain`, \d{4}-\d\d-\d\d, 2 × CPU\./);
    expect(page).toContain('| chain to aim | 0.46 |\n| events per second | 40,123 |');
    const stored = readFileSync(join(root, 'docs', 'performance', 'chain.json'), 'utf8');
    expect(JSON.parse(stored)).toMatchObject(result);
    rmSync(root, { recursive: true });
  });

  it.each([
    [0.456, '0.46'],
    [99.99, '99.99'],
    [40_123.4, '40,123'],
    [-250, '-250'],
  ])('shows %d as %s', (value, text) => {
    expect(shown(value)).toBe(text);
  });
});
