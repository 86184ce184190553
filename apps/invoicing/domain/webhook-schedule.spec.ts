import { type Attempted, nextStep } from './webhook-schedule.js';

const NOW = Date.UTC(2026, 10, 24);
const refused: Attempted = { status: 500, retryAfterMs: null };

describe('schedule of a delivery', () => {
  it.each([
    // attempt  wait in seconds
    [1, 5],
    [2, 300],
    [3, 1_800],
    [4, 7_200],
    [5, 18_000],
    [6, 36_000],
    [7, 50_400],
    [8, 72_000],
    [9, 86_400],
  ])('waits after attempt %i for %i s', (attempt, seconds) => {
    expect(nextStep(refused, attempt, NOW, 0)).toEqual({
      state: 'pending',
      nextAt: NOW + seconds * 1_000,
    });
  });

  it('ends after the tenth attempt and switches the endpoint off', () => {
    expect(nextStep(refused, 10, NOW, 0)).toEqual({ state: 'failed', disable: 'exhausted' });
  });

  it('comes up to a tenth later', () => {
    const step = nextStep(refused, 2, NOW, 0.999);
    expect(step).toEqual({ state: 'pending', nextAt: NOW + 300_000 + 29_970 });
  });

  it.each([
    // answer                                          state        case
    [{ status: 200, retryAfterMs: null }, 'delivered'],
    [{ status: 204, retryAfterMs: null }, 'delivered'],
    [{ status: 301, retryAfterMs: null }, 'pending'],
    [{ status: 404, retryAfterMs: null }, 'pending'],
    [{ status: 410, retryAfterMs: null }, 'failed'],
    [{ fault: 'timed out after 15 s' }, 'pending'],
  ] as [Attempted, string][])('takes %j as %s', (attempted, state) => {
    expect(nextStep(attempted, 1, NOW, 0).state).toBe(state);
  });

  it.each([
    // status  retry-after s  waits s
    [429, 60, 60],
    [502, 60, 60],
    [504, 1, 5],
    [503, 60, 5],
    [429, 999_999, 86_400],
  ])('heeds at %i a retry-after of %i s by waiting %i s', (status, asked, waits) => {
    expect(nextStep({ status, retryAfterMs: asked * 1_000 }, 1, NOW, 0)).toEqual({
      state: 'pending',
      nextAt: NOW + waits * 1_000,
    });
  });
});
