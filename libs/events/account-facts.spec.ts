import { type AccountFact, decodeFact, encodeFact } from './account-facts.js';

const fact: AccountFact = {
  type: 'CreditGranted',
  version: 1,
  recordedAt: 5,
  organization: 'org_acme',
  creditId: 'crd_1',
  amount: '10.00',
  expiresAt: null,
  priority: 50,
  note: null,
};

describe('account fact record', () => {
  it('comes back from its bytes', () => {
    expect(decodeFact(encodeFact({ factId: 7, fact }))).toEqual({ factId: 7, fact });
  });

  it.each([
    ['', /JSON/],
    ['null', /fact_id undefined/],
    ['{"fact_id":0,"fact":{}}', /fact_id 0/],
    ['{"fact_id":1}', /version undefined/],
    ['{"fact_id":1,"fact":{"version":2}}', /version 2/],
    ['{"fact_id":1,"fact":{"version":1,"type":"Nonsense"}}', /type Nonsense/],
    ['{"fact_id":1,"fact":{"version":1,"type":"toString"}}', /type toString/],
    [
      '{"fact_id":1,"fact":{"version":1,"type":"ApiKeyRevoked","keyId":"a","organization":null}}',
      /recordedAt/,
    ],
    [
      '{"fact_id":1,"fact":{"version":1,"type":"TierChanged","recordedAt":1,"organization":"org_a","tier":"free"}}',
      /TierChanged without a valid effectiveFrom/,
    ],
  ])('refuses %j', (text, message) => {
    expect(() => decodeFact(Buffer.from(text))).toThrow(message);
  });
});
