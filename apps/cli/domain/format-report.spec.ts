import { scoreReport, unexplained, withReport } from './format-report.js';

const miss = (id: string) => ({ id, provider: 'anthropic', got: 'input 1' });
const scored = {
  what: 'objects',
  scores: {
    byProvider: new Map([['anthropic', { read: 1, cases: 3 }]]),
    misses: [miss('UD0003'), miss('UD9999')],
  },
};

describe('score report', () => {
  it('has a row per provider, a sum, and each miss with its reason', () => {
    const lines = scoreReport([scored]).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '| provider | objects |',
      '| --- | --- |',
      '| anthropic | 1 of 3 |',
      '| **all** | **1 of 3** |',
      '',
    ]);
    expect(lines[5]).toMatch(/^- UD0003 \(anthropic\), input 1: one answer by two models/);
    expect(lines[6]).toBe('- UD9999 (anthropic), input 1: unexplained.');
  });

  it('names the misses without a reason', () => {
    expect(unexplained([scored])).toEqual([miss('UD9999')]);
  });

  it('replaces what stands between the markers and nothing else', () => {
    const start = '<!-- scores: written by `npm run meterbook -- score-formats` -->';
    const document = `a\n${start}\nold\n<!-- end of scores -->\nb\n`;
    const written = withReport(document, 'new');
    expect(written).toBe(`a\n${start}\n\nnew\n\n<!-- end of scores -->\nb\n`);
    expect(withReport(written, 'new')).toBe(written);
    expect(() => withReport('a', 'new')).toThrow('no place');
  });
});
