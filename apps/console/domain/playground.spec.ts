import { formatExact } from '#libs/money/money.js';
import { publishedDocument } from '../test/published-document.js';
import { costsByTier, countOf, playgroundOf, searchOf, shortLimits } from './playground.js';

const document = publishedDocument();

describe('playground', () => {
  it('begins with the first priced model and a request of 1,000 in, 300 out', () => {
    const { playground, unknown } = playgroundOf(document, {});
    expect(playground).toEqual({
      model: 'small',
      service_tier: 'on_demand',
      adapter: null,
      input: 1_000n,
      cached: 0n,
      output: 300n,
      requests_per_day: 1_000n,
    });
    expect(unknown).toEqual([]);
  });

  it('comes back from its own link', () => {
    const search = {
      model: 'large',
      service_tier: 'on_demand',
      adapter: 'lora',
      input: '7',
      cached: '1',
      output: '9007199254740991',
      requests_per_day: '0',
    };
    expect(searchOf(playgroundOf(document, search).playground)).toEqual(search);
  });

  it('names what a hand-edited link asks for and nobody has', () => {
    const { playground, unknown } = playgroundOf(document, {
      model: 'gone',
      service_tier: 'warp',
      input: '-3',
    });
    expect(unknown).toEqual(['gone', 'warp', 'input=-3']);
    expect(playground.model).toBe('small');
  });

  it('multiplies a request by the requests of 30 days', () => {
    const { playground } = playgroundOf(document, { input: '1000', output: '0' });
    const costs = costsByTier(document, playground).map(({ tier, request, monthFemto }) => [
      tier,
      formatExact(request.femto),
      formatExact(monthFemto),
    ]);
    expect(costs).toEqual([
      ['free', '0.00005', '1.5'],
      ['developer', '0.00005', '1.5'],
      ['enterprise', '0.00005', '1.5'],
    ]);
  });
});

describe('count field', () => {
  it.each([
    // typed                count                   case
    ['0', 0n, 'zero'],
    ['1,000', 1_000n, 'grouped'],
    ['١٬٠٠٠', 1_000n, 'Arabic digits'],
    ['9007199254740991', 9_007_199_254_740_991n, 'the most'],
    ['9007199254740992', undefined, 'one above'],
    ['-1', undefined, 'negative'],
    ['1.5', undefined, 'a fraction is not fifteen'],
    ['ten', undefined, 'words'],
    ['', undefined, 'empty'],
  ])('%s is %s (%s)', (typed, count, _case) => {
    expect(countOf(typed)).toBe(count);
  });
});

describe('a limit of a day', () => {
  const daily = { requests_per_day: 1_000n, tokens_per_day: 1_300_000n };
  const limited = (limits: Readonly<Record<string, bigint | null>>) => ({
    ...document,
    tiers: { only: { ...document.tiers['free'], limits: { small: limits } } },
  });

  it.each([
    [{ requests_per_day: 999n, tokens_per_day: null }, ['requests_per_day']],
    [{ requests_per_day: 1_000n, tokens_per_day: 1_300_000n }, []],
    [{ requests_per_day: 1_000n, tokens_per_day: 1_299_999n }, ['tokens_per_day']],
    [{ requests_per_day: 0n, tokens_per_day: 0n }, ['requests_per_day', 'tokens_per_day']],
    [{ requests_per_minute: 1n }, []],
  ])('of %o stops a thousand requests of 1,300 tokens at %o', (limits, names) => {
    const { playground } = playgroundOf(document, { model: 'small' });
    const short = shortLimits(limited(limits) as unknown as typeof document, 'only', playground);
    expect(short.map(({ name }) => name)).toEqual(names);
    for (const { name, asked } of short) expect(asked).toBe(daily[name as keyof typeof daily]);
  });

  it('does not stop batches', () => {
    const { playground } = playgroundOf(document, { model: 'small', service_tier: 'batch' });
    const none = limited({ requests_per_day: 0n }) as unknown as typeof document;
    expect(shortLimits(none, 'only', playground)).toEqual([]);
  });
});
