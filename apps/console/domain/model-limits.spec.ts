import { limitNames, modelsInUse } from './model-limits.js';

const limit = (name: string, most: bigint | null, used: bigint | null = null) => ({
  name,
  limit: most,
  used,
});
const models = [
  { model: 'busy', limits: [limit('tokens_per_minute', 6_000n, 12n)] },
  { model: 'quiet', limits: [limit('requests_per_day', 10n, 0n), limit('tokens_per_day', null)] },
  { model: 'unused', limits: [limit('requests_per_minute', 30n, 0n)] },
];

describe('models in use', () => {
  it('are those with something used now and those used lately', () => {
    expect(modelsInUse(models, ['quiet']).map(({ model }) => model)).toEqual(['busy', 'quiet']);
    expect(modelsInUse(models, []).map(({ model }) => model)).toEqual(['busy']);
  });
});

describe('kinds of limit', () => {
  it('stand minute before day, and only when a model has one', () => {
    expect(limitNames(models)).toEqual([
      'requests_per_minute',
      'tokens_per_minute',
      'requests_per_day',
    ]);
  });

  it('include one that this console does not know yet', () => {
    expect(limitNames([{ model: 'm', limits: [limit('images_per_day', 5n)] }])).toEqual([
      'images_per_day',
    ]);
  });
});
