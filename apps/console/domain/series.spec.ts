import { largest, measureOf, type Row, seriesCsv, seriesOf } from './series.js';

const row = (from: string, model: string | null, input: bigint, output = 0n): Row => ({
  from,
  model,
  requests: 2n,
  tokens: { input, cached_input: 0n, output },
  audio_ms: 5n,
  characters: 0n,
  images: 0n,
  searches: 0n,
});
const starts = ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', '2026-11-03T00:00:00Z'].map(
  Date.parse,
);
const rows = [
  row('2026-11-01T00:00:00Z', 'a', 10n, 1n),
  row('2026-11-03T00:00:00Z', 'a', 9_007_199_254_740_993n),
  row('2026-11-03T00:00:00Z', null, 7n),
];

describe('measure', () => {
  it.each([
    ['tokens', 11n],
    ['output', 1n],
    ['requests', 2n],
    ['audio_ms', 5n],
    ['unheard_of', 0n],
  ])('%s of a row is %s', (measure, value) => {
    expect(measureOf(row('2026-11-01T00:00:00Z', 'a', 10n, 1n), measure)).toBe(value);
  });
});

describe('series', () => {
  const table = seriesOf(rows, starts, { split: 'model', measure: 'tokens' });

  it('has a zero where nothing was used, and the largest part first', () => {
    expect(table.series).toEqual([
      { key: 'a', values: [11n, 0n, 9_007_199_254_740_993n], total: 9_007_199_254_741_004n },
      { key: '', values: [0n, 0n, 7n], total: 7n },
    ]);
    expect(table.totals).toEqual([11n, 0n, 9_007_199_254_741_000n]);
  });

  it('splits by pool whatever the measure', () => {
    const byPool = seriesOf(rows, starts, { split: 'pool', measure: 'requests' });
    expect(byPool.series.map(({ key }) => key)).toEqual(['input', 'output']);
  });

  it('puts the small parts together, and loses none of them', () => {
    const many = ['a', 'b', 'c', 'd'].map((model, index) =>
      row('2026-11-02T00:00:00Z', model, BigInt(4 - index)),
    );
    const few = largest(seriesOf(many, starts, { split: 'model', measure: 'tokens' }), 3);
    expect(few.map(({ key, total }) => [key, total])).toEqual([
      ['a', 4n],
      ['b', 3n],
      [null, 3n],
    ]);
  });

  it('becomes CSV that no spreadsheet runs', () => {
    const odd = seriesOf([row('2026-11-01T00:00:00Z', '=a,"b"', 3n)], starts.slice(0, 1), {
      split: 'model',
      measure: 'tokens',
    });
    expect(seriesCsv(odd, ['from', 'model', 'tokens'])).toBe(
      'from,model,tokens\r\n2026-11-01T00:00:00.000Z,"\'=a,""b""",3\r\n',
    );
  });
});
