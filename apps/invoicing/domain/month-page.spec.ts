import { account, catalog } from '#libs/rating/test/terms.js';
import type { UsageRow } from '#libs/rating/usage-row.js';
import { NOVEMBER } from '../test/rated.js';
import { decidePage, type MonthPage, type PageStanding } from './month-page.js';

const row = (units: bigint, part: Partial<UsageRow> = {}): UsageRow => ({
  hour: NOVEMBER.from,
  model: 'llama',
  serviceTier: 'on_demand',
  adapter: null,
  context: 0,
  quantity: 'input',
  units,
  events: 1n,
  digestA: 1n,
  digestB: 2n,
  ...part,
});

type One = {
  readonly usage?: readonly UsageRow[];
  readonly standing?: Partial<PageStanding>;
  readonly tier?: string;
  readonly since?: number;
  readonly credits?: boolean;
  readonly isAlone?: boolean;
  readonly isUnknown?: boolean;
};

function page(one: One): MonthPage {
  const own = {
    ...account({ tiers: [{ tier: one.tier ?? 'developer', from: 0 }] }),
    id: 'org',
    effectiveFrom: one.since ?? 0,
    credits: one.credits
      ? [{ id: 'c', amount: '5', grantedAt: 0, expiresAt: null, priority: 0, note: null }]
      : [],
  };
  const terms = {
    account: own,
    catalogs: [catalog({ version: 'one', effectiveFrom: 0, input: 5_000_000_000n })],
  };
  const standing = { issued: undefined, previousMinor: new Map(), hasClosed: false };
  return {
    period: NOVEMBER,
    ids: ['org'],
    isLast: true,
    terms: new Map(one.isUnknown ? [] : [['org', terms]]),
    usage: new Map(one.usage ? [['org', one.usage]] : []),
    standings: new Map(one.standing ? [['org', { ...standing, ...one.standing }]] : []),
    alone: new Set(one.isAlone ? ['org'] : []),
    cut: {},
    version: { lastId: 0n, voids: 0n },
  };
}

const bounds = { factor: 10, floor: 0, ceiling: null };
const outcome = (one: One, isNamed = false) => {
  const decided = decidePage(page(one), { run: 'run_1', isNamed, bounds });
  const named = Object.entries({
    issue: decided.issue.length,
    empty: decided.empty.length,
    alone: decided.alone.length,
    before: decided.issuedBefore,
    others: decided.issuedByOthers,
  });
  return named.filter(([, count]) => count > 0).map(([name]) => name);
};
const used = [row(1_000_000n)];

describe('a page of organizations', () => {
  it.each<[string, One, string[]]>([
    ['usage with a price', { usage: used }, ['issue']],
    ['nothing', { tier: 'free' }, ['empty']],
    ['nothing but a fee', {}, ['issue']],
    [
      'its month issued by this run',
      { standing: { issued: { number: 'N', run: 'run_1' } } },
      ['before'],
    ],
    [
      'its month issued by another',
      { standing: { issued: { number: 'N', run: 'run_2' } } },
      ['others'],
    ],
    ['late usage', { usage: used, isAlone: true }, ['alone']],
    ['prepaid credit', { usage: used, credits: true }, ['alone']],
    ['usage without a price', { usage: [row(1n, { model: 'mystery' })] }, ['alone']],
    ['usage of another month', { usage: [row(1n, { hour: NOVEMBER.to })] }, ['alone']],
    [
      'a total far above the last',
      { usage: used, standing: { previousMinor: new Map([['USD', 1n]]) } },
      ['alone'],
    ],
    [
      'a small total in another currency',
      { usage: used, standing: { previousMinor: new Map([['EUR', 1n]]) } },
      ['issue'],
    ],
    ['its beginning after the month', { since: NOVEMBER.to }, []],
    ['its beginning after the month, and usage', { since: NOVEMBER.to, usage: used }, ['issue']],
    ['no account, although it was read', { isUnknown: true }, ['alone']],
  ])('with %s', (_, one, expected) => {
    expect(outcome(one)).toEqual(expected);
  });

  it('names whoever was asked for, whenever it registered', () => {
    expect(outcome({ since: NOVEMBER.to }, true)).toEqual(['empty']);
  });
});
