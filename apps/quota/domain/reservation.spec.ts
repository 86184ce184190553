import { NOON, reserved, standingOf } from '../test/standings.js';
import {
  added,
  bookedNow,
  bookingInstant,
  countedTokens,
  ended,
  usedBooking,
} from './reservation.js';
import { NOTHING } from './standing.js';

describe('reservation', () => {
  it('lives as long as it was asked to', () => {
    const reservation = reserved(standingOf(), { ttlSeconds: 30 });
    expect([reservation.state, reservation.madeAt, reservation.expiresAt]).toEqual([
      'held',
      NOON,
      NOON + 30_000,
    ]);
  });

  it.each([
    [{}, 0n],
    [{ input: 1, cached_input: 100, output: 2, reasoning: 3 }, 6n],
    [{ cache_write_5m: 1, audio_input: 2, image_output: 4 }, 7n],
    [{ audio_ms: 5, characters: 6 }, 0n],
  ])('counts %p as %s tokens', (quantities, tokens) => {
    expect(countedTokens(quantities)).toBe(tokens);
  });

  it('adds reports pool by pool', () => {
    expect(added({ input: 1, output: 2 }, { output: 3, reasoning: 4 })).toEqual({
      input: 1,
      output: 5,
      reasoning: 4,
    });
  });

  it('that ended without usage takes nothing', () => {
    const gone = ended(reserved(standingOf()), 'released', NOON + 1);
    expect(gone).toMatchObject({ state: 'released', booked: NOTHING, endedAt: NOON + 1 });
  });

  it('waits for its event in the month of its settlement alone', () => {
    const reservation = reserved(standingOf());
    const booked = usedBooking(reservation.request, { input: 5 }, 7n);
    const settled = { ...reservation, booked, endedAt: NOON };
    expect(bookedNow(settled, NOON).unconfirmedFemto).toBe(7n);
    expect(bookedNow(settled, NOON + 20 * 86_400_000)).toEqual({ ...booked, unconfirmedFemto: 0n });
  });
});

describe('booking instant', () => {
  it.each([
    [NOON + 5, NOON + 5, 'now'],
    [NOON - 60_000, NOON, 'the last use, when the clock went backwards'],
  ])('at %s is %s: %s', (now, at) => {
    const standing = standingOf();
    reserved(standing);
    expect(bookingInstant(standing, { model: 'llama', project: null }, now)).toBe(at);
  });
});
