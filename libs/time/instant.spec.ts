import { formatInstant, hourOf, nextEffectiveHour, parseInstant } from './instant.js';

describe('instant', () => {
  it.each([
    // text                                   epoch ms
    ['2026-11-24T09:30:00.120Z', 1795512600120],
    ['2026-11-24T09:30:00.1209999Z', 1795512600120],
    ['2026-11-24T11:30:00.12+02:00', 1795512600120],
    ['2026-11-24t09:30:00z', 1795512600000],
    ['2024-02-29T00:00:00Z', 1709164800000],
    ['2016-12-31T23:59:60Z', 1483228799999],
  ])('reads %s', (text, at) => {
    expect(parseInstant(text)).toBe(at);
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-11-24T24:00:00Z',
    '2026-11-24',
    '2026-11-24T09:30:00',
    '2026-13-01T00:00:00Z',
    '',
    '2026-11-24T09:30:61Z',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('prints whole seconds without a fraction', () => {
    expect(formatInstant(1795512600000)).toBe('2026-11-24T09:30:00Z');
    expect(formatInstant(1795512600120)).toBe('2026-11-24T09:30:00.120Z');
  });

  it('finds the hour of instants on both sides of the epoch', () => {
    expect(hourOf(7_199_999)).toBe(3_600_000);
    expect(hourOf(-1)).toBe(-3_600_000);
  });

  it('lets a change take effect on the first whole hour at least ten minutes away', () => {
    const hour = parseInstant('2026-11-24T10:00:00Z') as number;
    expect(nextEffectiveHour(hour - 600_000)).toBe(hour);
    expect(nextEffectiveHour(hour - 599_999)).toBe(hour + 3_600_000);
  });
});
