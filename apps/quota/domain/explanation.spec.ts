import type { BucketFault, SpendFault } from './answer-facts.js';
import { explainBucket, inWords } from './explanation.js';

const AT = Date.UTC(2026, 10, 16, 12, 0, 30);
const FAULT: BucketFault = {
  kind: 'bucket',
  name: 'tokens_per_minute',
  scope: 'organization',
  limit: 6_000n,
  used: 4_093n,
  requested: 3_531n,
  windowSeconds: 60,
  retryInNs: 16_240_000_000n,
};
const CONTRIBUTORS = [
  { event: '//n/1 e1', tokens: 5_000n, at: AT - 20_000 },
  { reservation: 'rsv_2', tokens: 1_000n, at: AT - 1_000 },
  { reservation: 'rsv_1', tokens: 2_900n, at: AT - 10_000 },
  { reservation: 'rsv_0', tokens: 700n, at: AT - 50_000 },
];

const USE = { contributors: CONTRIBUTORS, project: null, at: AT };

describe('explanation of a bucket', () => {
  it('gives the newest usage its share first, and drops what refill has paid for', () => {
    const { shares, otherUnits } = explainBucket(FAULT, USE);
    expect(otherUnits).toBe(0n);
    expect(shares.map(({ reservation, event, units }) => [reservation ?? event, units])).toEqual([
      ['rsv_2', 1_000n],
      ['rsv_1', 2_900n],
      ['//n/1 e1', 193n],
    ]);
  });

  it('frees the oldest first: 193 tokens in 1.93 s, 100 a second', () => {
    const { shares } = explainBucket(FAULT, USE);
    expect(shares.map(({ freesAt }) => (freesAt ?? 0) - AT)).toEqual([40_931, 30_931, 1_931]);
  });

  it('counts requests as one each, and says what is older than its list', () => {
    const fault = { ...FAULT, name: 'requests_per_minute', limit: 30n, used: 5n } as const;
    const { shares, otherUnits } = explainBucket(fault, USE);
    expect([shares.map(({ units }) => units), otherUnits]).toEqual([[1n, 1n, 1n, 1n], 1n]);
    expect(shares.map(({ freesAt }) => (freesAt ?? 0) - AT)).toEqual([10_001, 8_001, 6_001, 4_001]);
  });

  it('of a project counts what named the project', () => {
    const contributors = [
      ...CONTRIBUTORS,
      { reservation: 'rsv_p', project: 'p', tokens: 50n, at: AT },
    ];
    const fault = { ...FAULT, scope: 'project' } as const;
    const found = explainBucket(fault, { contributors, project: 'p', at: AT });
    expect(found).toMatchObject({
      shares: [{ reservation: 'rsv_p', units: 50n }],
      otherUnits: 4_043n,
    });
  });

  it('never frees where the limit is 0', () => {
    const { shares } = explainBucket({ ...FAULT, limit: 0n, used: 1n }, USE);
    expect(shares).toMatchObject([{ units: 1n, freesAt: null }]);
  });
});

describe('explanation in words', () => {
  const words = (fault: BucketFault, most?: number) =>
    inWords(fault, explainBucket(fault, USE), AT, most);

  it('says how full the bucket was, when the request fits, and whose usage it is', () => {
    expect(words(FAULT)).toEqual([
      'tokens_per_minute is 6000: 4093 tokens were in use, the request needs 3531, and it fits in 16.24s, at 2026-11-16T12:00:46.240Z.',
      'rsv_2 of 2026-11-16T12:00:29Z still counts 1000 tokens, refilled by 2026-11-16T12:01:10.931Z.',
      'rsv_1 of 2026-11-16T12:00:20Z still counts 2900 tokens, refilled by 2026-11-16T12:01:00.931Z.',
      'event //n/1 e1 of 2026-11-16T12:00:10Z still counts 193 tokens, refilled by 2026-11-16T12:00:31.931Z.',
    ]);
  });

  it('sums up what is beyond its list', () => {
    expect(words(FAULT, 1).at(-1)).toBe('3093 tokens more are of usage that is not listed.');
  });

  it.each<[Partial<BucketFault>, string]>([
    [
      { kind: 'too_large', retryInNs: null, scope: 'project' },
      "the project's tokens_per_minute is 6000: a request for 3531 tokens never fits, however long it waits.",
    ],
    [
      { kind: 'excess_block', limit: 0n, used: 0n, retryInNs: 1_500_000_000n },
      'More tokens were used than had been reserved; refill has paid for them at 2026-11-16T12:00:31.500Z.',
    ],
  ])('says of %j why', (change, sentence) => {
    expect(inWords({ ...FAULT, ...change }, { shares: [], otherUnits: 0n }, AT)).toEqual([
      sentence,
    ]);
  });

  it.each<[SpendFault['kind'], string]>([
    [
      'spend_limit',
      'The spend limit of the organization is 0.00000000000001; 0.000000000000007 was spent or reserved, and this request may cost up to 0.000000000000004.',
    ],
    [
      'credit',
      'The prepaid credit is 0.00000000000001; 0.000000000000007 was spent or reserved, and this request may cost up to 0.000000000000004.',
    ],
  ])('says of a %s what it was compared with', (kind, sentence) => {
    const fault: SpendFault = { kind, scope: 'organization', limit: 10n, used: 7n, requested: 4n };
    expect(inWords(fault, { shares: [], otherUnits: 0n }, AT)).toEqual([sentence]);
  });
});
