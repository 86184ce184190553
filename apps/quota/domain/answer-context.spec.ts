import { account, catalog } from '#libs/rating/test/terms.js';
import { answerContext, prefersProblem } from './answer-context.js';

const CATALOG = catalog({ version: 'a', effectiveFrom: 0 });
const TITLED = {
  ...CATALOG,
  tiers: CATALOG.tiers.map((tier) => ({ ...tier, title: tier.name.toUpperCase() })),
};
const PAGE = 'https://example.test/plans';

describe('context of an answer', () => {
  it.each([
    ['free', PAGE, { title: 'DEVELOPER', url: PAGE }],
    ['free', undefined, undefined],
    // Enterprise is by contract: there is no page to choose it on.
    ['developer', PAGE, undefined],
    ['enterprise', PAGE, undefined],
    ['unknown-tier', PAGE, undefined],
  ])('on the tier %s with the page %s offers %j', (tier, page, upgrade) => {
    const terms = { catalogs: [TITLED], account: account({ tier }) };
    expect(answerContext(terms, 5, page)).toEqual({ currency: 'USD', ...(upgrade && { upgrade }) });
  });

  it('is in the currency of the account', () => {
    const terms = { catalogs: [], account: account({ currency: 'EUR' }) };
    expect(answerContext(terms, 5, PAGE)).toEqual({ currency: 'EUR' });
  });
});

describe('an Accept header', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['application/problem+json', true],
    ['Application/Problem+JSON; q=0.5', true],
    ['application/problem+json;q=0', false],
    ['application/problem+json;q=nonsense', false],
    ['application/json, application/problem+json', true],
    ['application/json, application/problem+json;q=0.9', false],
    ['application/json;q=0.5, text/html, application/problem+json ;q=0.6', true],
  ])('%j prefers a problem: %s', (accept, expected) => {
    expect(prefersProblem(accept)).toBe(expected);
  });
});
