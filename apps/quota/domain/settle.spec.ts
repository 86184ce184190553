import type { Quantities } from '#libs/events/quantities.js';
import { NOON, reserved, standingOf, termsOf } from '../test/standings.js';
import type { Reservation } from './reservation.js';
import { expire, release, settleByCall, settleByEvent } from './settle.js';
import { modelOf, spendOf, type Standing, takenFemto, WHOLE } from './standing.js';

const MINUTE = 60_000;
const used: Quantities = { input: 50, cached_input: 40, output: 10 };
const FEMTO = 450_000_000_000n;

function tokensOf(standing: Standing, model = 'llama'): bigint {
  const debt = modelOf(standing, WHOLE, model).buckets.get('tokens_per_minute')?.debt ?? 0n;
  return debt / 60_000_000_000n;
}
function money(standing: Standing): [held: bigint, unconfirmed: bigint] {
  const { heldFemto, unconfirmedFemto } = spendOf(standing, WHOLE);
  return [heldFemto, unconfirmedFemto];
}
function event(part = {}) {
  return { model: 'llama', used, femto: FEMTO, usedAt: NOON, at: NOON, ...part };
}
function settled(found: ReturnType<typeof settleByCall>): Reservation {
  if (!('reservation' in found)) throw new Error(found.code);
  return found.reservation;
}

describe('settling', () => {
  it('by event frees the money, which the log has now, and keeps what was used of the buckets', () => {
    const standing = standingOf();
    const reservation = reserved(standing);
    expect([tokensOf(standing), money(standing)]).toEqual([200n, [1_500_000_000_000n, 0n]]);
    const after = settleByEvent(standing, reservation, event());
    expect(after).toMatchObject({ reservation: { state: 'settled', settledBy: 'event' } });
    expect(after.excess).toBeUndefined();
    expect([tokensOf(standing), money(standing)]).toEqual([60n, [0n, 0n]]);
  });

  it('by two events adds them up', () => {
    const standing = standingOf();
    const first = settleByEvent(standing, reserved(standing), event());
    const second = settleByEvent(
      standing,
      first.reservation,
      event({ used: { output: 5 }, femto: 1n }),
    );
    expect(second.reservation.actual).toEqual({ ...used, output: 15 });
    expect(second.reservation.actualFemto).toBe(FEMTO + 1n);
    expect(tokensOf(standing)).toBe(65n);
  });

  it('beyond the reservation tells the excess once and blocks until refill has paid', () => {
    const standing = standingOf();
    const over = event({ used: { output: 800 }, femto: 8_000_000_000_000n });
    const first = settleByEvent(standing, reserved(standing), over);
    expect(first.excess).toMatchObject({ tokens: 600n, femto: 6_500_000_000_000n, isLate: false });
    // 600 tokens at 100 a second.
    expect(modelOf(standing, WHOLE, 'llama').excessUntil).toBe(NOON + 6_001);
    const second = settleByEvent(
      standing,
      first.reservation,
      event({ used: { output: 1 }, femto: 0n }),
    );
    expect(second.excess).toMatchObject({ tokens: 1n, femto: 0n });
  });

  it('of another model gives the reserved one everything back', () => {
    const standing = standingOf(
      termsOf({ overrides: [{ model: 'small', limits: { tokens_per_minute: 100 } }] }),
    );
    settleByEvent(standing, reserved(standing), event({ model: 'small' }));
    expect([tokensOf(standing), tokensOf(standing, 'small')]).toEqual([0n, 60n]);
    expect(money(standing)).toEqual([0n, 0n]);
  });

  it('by a call keeps the money until the event has come', () => {
    const standing = standingOf();
    const after = settled(settleByCall(standing, reserved(standing), used, NOON));
    expect([tokensOf(standing), money(standing)]).toEqual([60n, [0n, FEMTO]]);
    settleByEvent(standing, after, event());
    expect([tokensOf(standing), money(standing)]).toEqual([60n, [0n, 0n]]);
  });

  it('again to the same usage changes nothing, to other usage is a conflict', () => {
    const standing = standingOf();
    const after = settled(settleByCall(standing, reserved(standing), used, NOON));
    expect(settled(settleByCall(standing, after, { ...used, reasoning: 0 }, NOON))).toBe(after);
    expect(settleByCall(standing, after, {}, NOON)).toMatchObject({ code: 'reservation_settled' });
    expect(release(standing, after, NOON)).toMatchObject({ code: 'reservation_settled' });
    expect(takenFemto(spendOf(standing, WHOLE))).toBe(FEMTO);
  });

  it('by release or silent expiry gives everything back, in any scope', () => {
    for (const end of [
      (standing: Standing, one: Reservation) => settled(release(standing, one, NOON)),
      (standing: Standing, one: Reservation) => expire(standing, one).reservation,
    ]) {
      const standing = standingOf();
      const after = end(standing, reserved(standing, { project: 'chat' }));
      expect([tokensOf(standing), money(standing)]).toEqual([0n, [0n, 0n]]);
      expect(spendOf(standing, 'chat').heldFemto).toBe(0n);
      expect(settled(release(standing, after, NOON))).toBe(after);
    }
  });

  it('by expiry keeps the last report', () => {
    const standing = standingOf();
    const reservation = { ...reserved(standing), reported: used };
    const { reservation: after } = expire(standing, reservation);
    expect(after).toMatchObject({ settledBy: 'expiry', actual: used, endedAt: NOON + 10 * MINUTE });
    expect(money(standing)).toEqual([0n, FEMTO]);
  });

  it('after the end counts where it was used, and is told as late', () => {
    const standing = standingOf();
    const { reservation: gone } = expire(standing, reserved(standing));
    const late = settleByEvent(
      standing,
      gone,
      event({ at: NOON + 20 * MINUTE, usedAt: NOON + 19 * MINUTE }),
    );
    expect(late.excess).toMatchObject({ isLate: true, tokens: 0n });
    expect(modelOf(standing, WHOLE, 'llama').buckets.get('tokens_per_minute')?.at).toBe(
      NOON + 19 * MINUTE,
    );
    expect(settled(settleByCall(standing, gone, used, NOON)).settledBy).toBe('call');
    const released = settled(release(standing, reserved(standing), NOON));
    expect(settleByCall(standing, released, used, NOON)).toMatchObject({
      code: 'reservation_released',
    });
  });

  it('of money that waited in another month takes nothing off this one', () => {
    const standing = standingOf();
    const after = settled(settleByCall(standing, reserved(standing), used, NOON));
    const next = standingOf();
    settleByEvent(next, after, event({ at: NOON + 20 * 24 * 60 * MINUTE }));
    expect(money(next)).toEqual([0n, 0n]);
  });
});
