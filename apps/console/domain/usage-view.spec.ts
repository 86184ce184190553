import { bucketStarts, instantText, rangeOf, usageViewOf } from './usage-view.js';

const NOW = Date.parse('2026-11-25T10:20:30Z');

describe('usage view', () => {
  it('is tokens by model of the last 30 days, by the day, when the URL says nothing', () => {
    expect(usageViewOf({})).toEqual({
      view: { span: '30d', window: 'day', split: 'model', measure: 'tokens', filters: {} },
      wrong: [],
    });
  });

  it('takes windows, splits and filters from the URL', () => {
    const { view, wrong } = usageViewOf({
      span: '1d',
      by: 'pool',
      measure: 'requests',
      model: 'a/b',
      project: '',
    });
    expect(view).toMatchObject({ window: 'hour', split: 'pool', measure: 'requests' });
    expect(view.filters).toEqual({ model: 'a/b', project: '' });
    expect(wrong).toEqual([]);
  });

  it('names what a hand-edited URL got wrong and goes on with the default', () => {
    const { view, wrong } = usageViewOf({ span: '5y', window: 'minute' });
    expect(view).toMatchObject({ span: '30d', window: 'day' });
    expect(wrong).toEqual(['span=5y', 'window=minute']);
  });
});

describe('range', () => {
  it.each([
    // span        from                      to
    ['1d', '2026-11-24T11:00:00Z', '2026-11-25T11:00:00Z'],
    ['7d', '2026-11-19T00:00:00Z', '2026-11-25T11:00:00Z'],
    ['30d', '2026-10-27T00:00:00Z', '2026-11-25T11:00:00Z'],
    ['month', '2026-11-01T00:00:00Z', '2026-11-25T11:00:00Z'],
    ['12mo', '2025-12-01T00:00:00Z', '2026-11-25T11:00:00Z'],
  ] as const)('of %s is from %s to %s', (span, from, to) => {
    const range = rangeOf(span, NOW);
    expect([range.from, range.to].map(instantText)).toEqual([from, to]);
  });
});

describe('buckets', () => {
  it.each([
    ['1d', 'hour', 24],
    ['30d', 'day', 30],
    ['30d', 'hour', 29 * 24 + 11],
    ['12mo', 'month', 12],
    ['30d', 'month', 2],
  ] as const)('of %s by the %s are %i', (span, window, many) => {
    expect(bucketStarts(rangeOf(span, NOW), window)).toHaveLength(many);
  });

  it('begin at the range, not before it', () => {
    const [first, second] = bucketStarts(rangeOf('30d', NOW), 'month').map(instantText);
    expect([first, second]).toEqual(['2026-10-27T00:00:00Z', '2026-11-01T00:00:00Z']);
  });
});
