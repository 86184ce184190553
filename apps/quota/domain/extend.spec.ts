import { NOON, reserved, standingOf, termsOf } from '../test/standings.js';
import { extend, type Extended, type Extension } from './extend.js';
import type { Reservation } from './reservation.js';
import { expire } from './settle.js';
import { spendOf, type Standing, WHOLE } from './standing.js';

const asked = (part: Partial<Extension> = {}): Extension => ({
  tokens: undefined,
  maxOutputTokens: undefined,
  ttlSeconds: undefined,
  at: NOON + 60_000,
  ulid: '01jd3v8q2m0000000000000001',
  ...part,
});
function extended(standing: Standing, one: Reservation, part: Partial<Extension>): Extended {
  const found = extend(standing, one, asked(part));
  if (!('reservation' in found)) throw new Error(found.code);
  return found;
}

describe('extension', () => {
  it.each<[Partial<Extension>, number, string]>([
    [{}, 660_000, 'its own time again'],
    [{ ttlSeconds: 10 }, 70_000, 'as long as asked, even shorter'],
    [{ ttlSeconds: 3_600 }, 3_660_000, 'longer'],
  ])('by %p lives until %s ms after it was made (%s)', (part, after, _why) => {
    const standing = standingOf();
    const { reservation } = extended(standing, reserved(standing), part);
    expect(reservation.expiresAt - NOON).toBe(after);
    expect(spendOf(standing, WHOLE).heldFemto).toBe(1_500_000_000_000n);
  });

  it('holds more where more is asked for, and less where less', () => {
    const standing = standingOf();
    const more = extended(standing, reserved(standing), { maxOutputTokens: 300n }).reservation;
    expect([more.held.tokens, spendOf(standing, WHOLE).heldFemto]).toEqual([
      400n,
      3_500_000_000_000n,
    ]);
    const less = extended(standing, more, { maxOutputTokens: 0n }).reservation;
    expect([less.held.tokens, spendOf(standing, WHOLE).heldFemto]).toEqual([
      100n,
      500_000_000_000n,
    ]);
  });

  it('notes what was used, and holds it where it is more than was reserved', () => {
    const standing = standingOf();
    const tokens = { input: 100, output: 150 };
    const { reservation } = extended(standing, reserved(standing), { tokens });
    expect([reservation.reported, reservation.held.tokens]).toEqual([tokens, 250n]);
  });

  it('that does not fit is refused whole: the hold stays, the report is noted', () => {
    const standing = standingOf(termsOf({ spendLimits: [{ amount: '0.002' }] }));
    const before = reserved(standing);
    const part = { tokens: { output: 10 }, maxOutputTokens: 500n };
    const { reservation, refused } = extended(standing, before, part);
    expect(refused).toMatchObject({ outcome: 'refused', held: null, reservation: null });
    expect(refused?.violated.map(({ kind, requested }) => [kind, requested])).toEqual([
      ['spend_limit', 4_000_000_000_000n],
    ]);
    expect(reservation).toEqual({ ...before, reported: { output: 10 } });
    expect(spendOf(standing, WHOLE).heldFemto).toBe(1_500_000_000_000n);
  });

  it.each<[Partial<Extension>, string | undefined]>([
    [{ tokens: { input: 5, output: 9 } }, '/tokens/output'],
    [{ tokens: { output: 10 } }, '/tokens/input'],
    [{ maxOutputTokens: 9n }, '/max_output_tokens'],
    [{ tokens: { input: 5, output: 10 } }, undefined],
    [{ maxOutputTokens: 10n }, undefined],
  ])('by %p below what was reported is a conflict at %s', (part, pointer) => {
    const standing = standingOf();
    const tokens = { input: 5, output: 10 };
    const { reservation } = extended(standing, reserved(standing), { tokens });
    const found = extend(standing, reservation, asked(part));
    expect('code' in found ? [found.code, 'pointer' in found && found.pointer] : undefined).toEqual(
      pointer === undefined ? undefined : ['below_reported', pointer],
    );
  });

  it('of what has ended is a conflict', () => {
    const standing = standingOf();
    const { reservation } = expire(standing, reserved(standing));
    expect(extend(standing, reservation, asked())).toMatchObject({ code: 'reservation_expired' });
  });
});
