import { limitsOf } from '#libs/rating/price-book.js';
import { NOON, termsOf } from '../test/standings.js';
import { leaseTerms, parseLeasePolicies } from './lease.js';
import { hardLimitFemto, WHOLE } from './standing.js';

const policies = parseLeasePolicies('developer:5:0.10, prepaid:5:1');

describe('fail modes', () => {
  it('are closed unless a tier is opened', () => {
    expect([...parseLeasePolicies('')]).toEqual([]);
    expect(policies.get('developer')).toEqual({ percent: 5, femto: 100_000_000_000_000n });
  });

  it.each(['developer', 'developer:5', 'developer:0:1', 'developer:101:1', 'a:5:-1', 'a:5:1:1'])(
    'refuse the setting %s',
    (text) => {
      expect(() => parseLeasePolicies(text)).toThrow('is not tier:percent:amount');
    },
  );

  it('lease a share of each limit and an amount of money', () => {
    const terms = leaseTerms(termsOf(), 'llama', policies, NOON);
    expect(terms && limitsOf(terms, 'llama', NOON)).toEqual({
      requests_per_minute: 50,
      tokens_per_minute: 300,
    });
    expect(terms && hardLimitFemto(terms, WHOLE, NOON)).toBe(100_000_000_000_000n);
  });

  it.each<[Parameters<typeof termsOf>[0], boolean]>([
    [{}, true],
    [{ spendLimits: [{ amount: '5', mode: 'soft' }] }, true],
    [{ spendLimits: [{ amount: '5' }] }, false],
    [{ spendLimits: [{ amount: '5', project: 'chat' }] }, false],
    [{ tier: 'prepaid' }, false],
    [{ tier: 'open' }, false],
    [{ tier: 'gone' }, false],
  ])('of %p are open: %p', (part, isOpen) => {
    expect(leaseTerms(termsOf(part), 'llama', policies, NOON) !== undefined).toBe(isOpen);
  });
});
