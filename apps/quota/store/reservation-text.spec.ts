import { viewBucket, LIMIT_LAWS } from '#libs/rating/bucket.js';
import type { WindowView } from '../domain/decision.js';
import type { Reservation } from '../domain/reservation.js';
import { requestOf, reserved, standingOf } from '../test/standings.js';
import { reservationRow } from './admission-rows.js';
import type { KeptReservation } from './kept-reservation.js';
import { reservationOf } from './reservation-text.js';

const { at } = { at: Date.UTC(2026, 10, 16, 12) };

function windowOf(name: 'tokens_per_minute' | 'requests_per_day', limit: number): WindowView {
  const law = LIMIT_LAWS[name];
  const view = viewBucket(17n * BigInt(law.windowSeconds) * 1_000_000_000n, limit, law);
  return {
    name,
    scope: 'project',
    limit: BigInt(limit),
    windowSeconds: law.windowSeconds,
    ...view,
  };
}

function kept(part: Partial<Reservation> = {}, source: string | null = null): KeptReservation {
  const reservation = { ...reserved(standingOf()), ...part };
  const windows = [windowOf('tokens_per_minute', 6_000), windowOf('requests_per_day', 0)];
  const decided = { at, profile: 'openai' as const, tier: 'developer', windows, leased: true };
  return { reservation, decided, source, asked: part.request ? requestOf() : reservation.request };
}

function there(one: KeptReservation): KeptReservation {
  return reservationOf(reservationRow(one));
}

describe('text of a reservation', () => {
  it.each<[string, KeptReservation]>([
    ['that is held', kept()],
    [
      'that was extended',
      kept({
        request: requestOf({ inputTokens: 5n, maxOutputTokens: null }),
        reported: { input: 5 },
      }),
    ],
    [
      'that was settled by an event',
      kept({
        actual: { input: 1, audio_ms: 3 },
        settledBy: 'event',
        endedAt: at,
        state: 'settled',
      }),
    ],
    [
      'of more money than a double holds',
      kept({ actualFemto: 2n ** 80n, settledBy: 'call' }, 'n 1'),
    ],
  ])('gives back one %s', (_, one) => {
    expect(there(one)).toEqual(one);
  });

  it('gives back every field of a request', () => {
    const request = requestOf({
      project: 'chat "1"\\',
      apiKey: 'mbk_1',
      serviceTier: 'batch',
      adapter: 'lora',
      inputTokens: 2n ** 70n,
      maxOutputTokens: null,
      measures: { audio_ms: 12n },
      ttlSeconds: 9,
    });
    const one = kept();
    const other = { ...one, reservation: { ...one.reservation, request }, asked: request };
    expect(there(other)).toEqual(other);
  });
});
