import { parseMoney } from '#libs/money/money.js';
import { NOON, reserved, standingOf, termsOf } from '../test/standings.js';
import { blockEvent, blockOf, crossings, excessEvent } from './announce.js';
import { settleByEvent } from './settle.js';
import { spendOf, type Standing, WHOLE } from './standing.js';

const UNIT = 10n ** 15n;
const limits = [{ amount: '10', alerts: [50, 80, 100] }];

function spent(units: number, part = {}): Standing {
  const standing = standingOf(termsOf({ spendLimits: limits, ...part }));
  spendOf(standing, WHOLE).spentFemto = parseMoney(units.toString());
  return standing;
}

describe('announcements', () => {
  it.each([
    // before now   said
    [0, 4.99, []],
    [0, 5, ['threshold 50']],
    [5, 7.99, []],
    [5, 8, ['threshold 80']],
    [0, 9, ['threshold 50', 'threshold 80']],
    [9, 10, ['threshold 100', 'reached']],
    [10, 12, []],
    [12, 4, []],
    [undefined, 9, ['threshold 50', 'threshold 80']],
  ])('of a limit of 10 from %s to %s are %p', (before, now, said) => {
    const was = before === undefined ? undefined : BigInt(before) * UNIT;
    const events = crossings(spent(now), WHOLE, was, NOON);
    const names = events.map((event) =>
      'percent' in event ? `threshold ${event.percent}` : 'reached',
    );
    expect(names).toEqual(said);
  });

  it('of one threshold have one id, of another month, limit or percentage another', () => {
    const idsOf = (standing: Standing, at = NOON) =>
      crossings(standing, WHOLE, 0n, at).map(({ id }) => id);
    const [first, second] = idsOf(spent(9));
    expect(idsOf(spent(9.5))).toEqual([first, second]);
    const others = [
      ...idsOf(spent(9), NOON + 20 * 86_400_000),
      ...idsOf(spent(9, { spendLimits: [{ amount: '11', alerts: [50] }] })),
    ];
    expect(new Set([first, second, ...others]).size).toBe(5);
  });

  it('need a limit', () => {
    expect(crossings(standingOf(), WHOLE, 0n, NOON)).toEqual([]);
  });

  it.each([
    // spent  held  refused  was     blocked
    [9, 0n, true, null, null], // a tenth is left: small requests pass
    [9.95, 0n, true, null, '10'], // next to nothing is left, and it was refused
    [9.95, 0n, false, null, null], // nobody was refused
    [9.95, 1n, true, null, null], // a hold may come back
    [9.95, 1n, false, '10', '10'], // a block lasts
    [9.95, 0n, false, '9', null], // the block was of another limit
    [10, 0n, false, null, '10'], // it is spent
    [11, 1n, false, null, '10'], // more than spent
  ])(
    'at %s of 10 with %s held, refused %p, blocked %p before: %p',
    (now, held, isRefused, blocked, expected) => {
      const standing = spent(now);
      spendOf(standing, WHOLE).heldFemto = held;
      expect(blockOf(standing, WHOLE, { blocked, isRefused }, NOON)).toBe(expected);
    },
  );

  it('of a soft limit never block', () => {
    const standing = spent(11, { spendLimits: [{ amount: '10', mode: 'soft' as const }] });
    expect(blockOf(standing, WHOLE, { blocked: null, isRefused: true }, NOON)).toBeNull();
  });

  it('of blocks say which way', () => {
    const types = ['10', null].map((limit) => blockEvent(spent(10), WHOLE, limit, NOON).type);
    expect(types).toEqual(['organization.blocked', 'organization.unblocked']);
  });

  it('of a broken reservation name the node', () => {
    const standing = standingOf();
    const use = { model: 'llama', used: { output: 500 }, femto: 5n, usedAt: NOON, at: NOON };
    const { excess } = settleByEvent(standing, reserved(standing), use);
    const origin = { source: '//eu-1/node-17', event: 'e-1' };
    expect(excess && excessEvent(excess, origin, NOON)).toMatchObject({
      type: 'reservation_exceeded',
      source: '//eu-1/node-17',
      reserved_tokens: 200,
      used_tokens: 500,
    });
  });
});
