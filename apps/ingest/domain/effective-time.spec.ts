import {
  CLOCK_SKEW_MS,
  limitInstantFault,
  priceInstant,
  priceInstantFault,
  wholeHourFault,
} from './effective-time.js';

const ELEVEN = Date.UTC(2026, 10, 24, 11);
const MINUTE = 60_000;
const HOUR = 3_600_000;

describe('effective time of a price', () => {
  it.each([
    // now                        given to nothing asked
    [ELEVEN - 10 * MINUTE - 1, ELEVEN],
    [ELEVEN - 10 * MINUTE, ELEVEN],
    [ELEVEN - 10 * MINUTE + 1, ELEVEN + HOUR],
  ])('at %s is %s when nothing is asked for', (now, expected) => {
    expect(priceInstant(undefined, now)).toBe(expected);
  });

  it.each([
    // asked              now                          fault
    [ELEVEN, ELEVEN - 10 * MINUTE - 1, undefined],
    [ELEVEN, ELEVEN - 10 * MINUTE, undefined],
    [ELEVEN, ELEVEN - 10 * MINUTE + 1, 'too_early'],
    [ELEVEN - 24 * HOUR, ELEVEN, 'too_early'],
    [ELEVEN + HOUR - 1, ELEVEN, 'not_a_whole_hour'],
    [ELEVEN + HOUR + 1, ELEVEN, 'not_a_whole_hour'],
    [ELEVEN + 9_000 * HOUR, ELEVEN, undefined],
    [undefined, ELEVEN, undefined],
  ])('asked for as %s at %s is refused as %s', (asked, now, expected) => {
    expect(priceInstantFault(asked, now)?.code).toBe(expected);
  });

  it('names the rule and the earliest instant', () => {
    expect(priceInstantFault(ELEVEN, ELEVEN - 10 * MINUTE + 1)).toEqual({
      pointer: '/effective_from',
      code: 'too_early',
      detail:
        '2026-11-24T11:00:00Z is not at least ten minutes away; the earliest is 2026-11-24T12:00:00Z',
    });
    expect(wholeHourFault(ELEVEN + 1, '/effective_to', ELEVEN)?.detail).toMatch(/whole UTC hour/);
  });
});

describe('effective time of a limit', () => {
  it.each([
    [ELEVEN - CLOCK_SKEW_MS - 1, 'in_the_past'],
    [ELEVEN - CLOCK_SKEW_MS, undefined],
    [ELEVEN + 1, undefined],
    [undefined, undefined],
  ])('asked for as %s at 11:00 is refused as %s', (asked, expected) => {
    expect(limitInstantFault(asked, ELEVEN)?.code).toBe(expected);
  });
});
