import fc from 'fast-check';
import type { RatedLine } from '#libs/rating/rate-month.js';
import { line } from '../test/rated.js';
import { differences } from './adjustment.js';

const units = (lines: readonly RatedLine[]) => lines.map((one) => [one.quantity, one.units]);

describe('differences', () => {
  it.each<[string, RatedLine[], RatedLine[], [string, bigint][]]>([
    ['nothing came', [line()], [line()], []],
    ['more of the same', [line({ units: 12n })], [line()], [['input', 2n]]],
    ['less, after a void', [line({ units: 4n })], [line()], [['input', -6n]]],
    ['all of it voided', [], [line()], [['input', -10n]]],
    [
      'a line that was not there',
      [line(), line({ quantity: 'output' })],
      [line()],
      [['output', 10n]],
    ],
    ['booked already', [line({ units: 12n })], [line(), line({ units: 2n })], []],
    [
      'another price row',
      [line({ catalogVersion: 'two' })],
      [line()],
      [
        ['input', -10n],
        ['input', 10n],
      ],
    ],
    ['other events of the same sum', [line({ digestA: 5n, events: 3n })], [line()], []],
  ])('are the units that changed: %s', (_, now, billed, expected) => {
    expect(units(differences(now, billed))).toEqual(expected);
  });

  it('carry the money and the digest of what came, modulo 2^64', () => {
    const now = line({ units: 12n, events: 3n, digestA: 0n, digestB: 7n, freeFemto: 600n });
    const before = line({ digestA: 1n, digestB: 2n, freeFemto: 500n });
    expect(differences([now], [before])).toEqual([
      line({
        units: 2n,
        amountFemto: 100n,
        freeFemto: 100n,
        events: 2n,
        digestA: 2n ** 64n - 1n,
        digestB: 5n,
      }),
    ]);
  });

  const anyLine = fc
    .record({
      model: fc.constantFrom('a', 'b'),
      quantity: fc.constantFrom('input' as const, 'output' as const),
      femtoPerUnit: fc.constantFrom(3n, 5n),
      units: fc.bigInt({ min: 0n, max: 10n ** 20n }),
      isFree: fc.boolean(),
      events: fc.bigInt({ min: 0n, max: 1_000n }),
      digestA: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    })
    .map(({ isFree, ...part }) =>
      line({ ...part, freeFemto: isFree ? part.units * part.femtoPerUnit : 0n }),
    );
  const lines = fc.array(anyLine, { maxLength: 12 });

  it('added to what was billed leave nothing to book', () => {
    fc.assert(
      fc.property(lines, lines, (now, billed) => {
        const booked = [...billed, ...differences(now, billed)];
        expect(differences(now, booked)).toEqual([]);
      }),
    );
  });

  it('sum to the same money however late usage comes in', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 5 }), (arrivals) => {
        let seen: RatedLine[] = [];
        let billed: readonly RatedLine[] = [];
        for (const arrival of arrivals) {
          seen = [...seen, ...arrival];
          billed = [...billed, ...differences(seen, billed)];
        }
        const sum = (all: readonly RatedLine[], of: 'units' | 'amountFemto' | 'freeFemto') =>
          all.reduce((total, one) => total + one[of], 0n);
        for (const part of ['units', 'amountFemto', 'freeFemto'] as const)
          expect(sum(billed, part)).toBe(sum(seen, part));
      }),
    );
  });
});
