import { QUANTITIES, type Quantity } from '#libs/events/quantities.js';
import { bucketPage, columnsFor, type OpenAiGroup, resultsByBucket } from './openai-usage.js';
import type { UsageSums } from './usage-query.js';

const at = Date.parse;
const BIG = 2n ** 60n;

function row(groups: UsageSums['groups'], counts: Partial<Record<Quantity, bigint>>): UsageSums {
  const none = Object.fromEntries(QUANTITIES.map((name) => [name, 0n]));
  const quantities = { ...none, ...counts } as Record<Quantity, bigint>;
  return { bucket: 0, groups, requests: 2n, quantities, position: [0] };
}

describe('page of buckets', () => {
  it.each<[string, string, '1h' | '1d', number, string, string, string | null]>([
    // start               end              width  limit  from             to               next
    ['2026-11-01T00:00Z', '2026-11-03T00:00Z', '1d', 7, '2026-11-01', '2026-11-03', null],
    ['2026-11-01T23:59Z', '2026-11-02T00:01Z', '1d', 7, '2026-11-01', '2026-11-03', null],
    ['2026-11-01T00:00Z', '2026-11-03T00:00Z', '1d', 1, '2026-11-01', '2026-11-02', '2026-11-02'],
    ['2026-11-01T00:00Z', '2026-11-03T00:00Z', '1d', 2, '2026-11-01', '2026-11-03', null],
    ['2026-11-01T23:30Z', '2026-11-02T00:00Z', '1h', 24, '2026-11-01T23:00Z', '2026-11-02', null],
  ])(
    'from %s to %s by %s, %s a page, is %s to %s, then %s',
    (start, end, width, limit, ...wanted) => {
      const [from, to, next] = wanted;
      expect(bucketPage({ start: at(start), end: at(end) }, width, limit)).toEqual({
        from: at(from),
        to: at(to),
        next: next === null ? null : at(next),
      });
    },
  );
});

describe('OpenAI result', () => {
  it('puts each pool into its sums exactly', () => {
    const counts = Object.fromEntries(
      QUANTITIES.map((name, index) => [name, BIG + 10n ** BigInt(index)]),
    );
    const [result] = resultsByBucket([row({}, counts)], []).get(0) ?? [];
    expect(result).toMatchObject({
      object: 'organization.usage.completions.result',
      // input 1, cached 10, writes 100 and 1000, audio 10^6, image 10^8, video 10^10
      input_tokens: 7n * BIG + 10_101_001_111n,
      input_cached_tokens: BIG + 10n,
      input_cache_write_tokens: 2n * BIG + 1_100n,
      input_uncached_tokens: 4n * BIG + 10_101_000_001n,
      // output 10^4, reasoning 10^5, audio 10^7, image 10^9
      output_tokens: 4n * BIG + 1_010_110_000n,
      input_text_tokens: BIG + 1n,
      output_text_tokens: 2n * BIG + 110_000n,
      input_cached_text_tokens: null,
      num_model_requests: 2n,
      project_id: null,
      model: null,
      batch: null,
    });
  });

  it('joins the service tiers that batch tells apart from one another no further', () => {
    const rows = ['batch', 'flex', 'on_demand'].map((service_tier) =>
      row({ service_tier }, { input: 5n }),
    );
    const results = resultsByBucket(rows, ['batch']).get(0) ?? [];
    expect(
      results.map(({ batch, input_tokens, service_tier }) => [batch, input_tokens, service_tier]),
    ).toEqual([
      [true, 5n, null],
      [false, 10n, null],
    ]);
  });

  it('names what is grouped, and null for what the usage does not name', () => {
    const groups: OpenAiGroup[] = ['project_id', 'user_id', 'model'];
    const rows = [
      row({ model: 'm', project: '' }, {}),
      row({ model: 'm', project: 'p', end_user: 'u' }, {}),
    ];
    const results = resultsByBucket(rows, groups).get(0) ?? [];
    expect(results.map(({ project_id, user_id, model }) => [project_id, user_id, model])).toEqual([
      [null, null, 'm'],
      ['p', 'u', 'm'],
    ]);
  });

  it('needs one column for batch and service tier', () => {
    expect(columnsFor(['user_id'])).toEqual(['end_user']);
    expect(columnsFor(['batch', 'service_tier', 'model'])).toEqual(['service_tier', 'model']);
  });
});
