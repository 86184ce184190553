import type { ReservationRequest } from './decision.js';
import { NOON, requestOf, termsOf } from '../test/standings.js';
import { CATALOG } from '../test/reservation-stand.js';
import { dearestFemto, isFault, worstCase } from './worst-case.js';

const HOUR = 3_600_000;
const span = { from: NOON, to: NOON + 600_000 };
const later = (from: number, input: string): string =>
  CATALOG.replace('2026-11-a', `v-${from}`)
    .replace('2026-11-01T00:00:00Z', new Date(from).toISOString())
    .replace('input: "5"', `input: "${input}"`);

describe('worst case', () => {
  it.each<[Partial<ReservationRequest>, bigint, bigint, string]>([
    // request                                        tokens  femto            case
    [{}, 200n, 1_500_000_000_000n, 'input at 5, output at 10 per million'],
    [{ maxOutputTokens: 0n }, 100n, 500_000_000_000n, 'nothing generated'],
    [{ inputTokens: 0n, maxOutputTokens: 0n }, 0n, 0n, 'nothing at all'],
    [{ serviceTier: 'batch' as const }, 200n, 600_000_000_000n, 'the prices of batch'],
    [{ model: 'small', maxOutputTokens: null }, 200n, 200_000_000_000n, "the model's own maximum"],
    [{ model: 'embed', maxOutputTokens: null }, 100n, 100_000_000_000n, 'a model without output'],
    [
      { model: 'whisper', inputTokens: 0n, maxOutputTokens: null, measures: { audio_ms: 1_500n } },
      0n,
      45_000_000_000_000n,
      'audio',
    ],
  ])('of %p is %s tokens and %s femto (%s)', (part, tokens, femto, _why) => {
    expect(worstCase(termsOf(), requestOf(part), span)).toMatchObject({ tokens, femto });
  });

  it.each([
    [{ model: 'gpt-9' }, '/model unknown_model'],
    [{ model: 'constructor' }, '/model unknown_model'],
    [{ serviceTier: 'flex' as const }, '/service_tier not_priced'],
    [{ adapter: 'lora' }, '/adapter not_priced'],
    [{ maxOutputTokens: null }, '/max_output_tokens missing_field'],
  ])('of %p is the fault %s', (part, expected) => {
    const fault = worstCase(termsOf(), requestOf(part), span);
    expect(isFault(fault) && `${fault.pointer} ${fault.code}`).toBe(expected);
  });

  it.each([
    [100n, 900n],
    [1_000n, 0n],
    [5_000n, 0n],
  ])(
    'of %s input answers at most %s where only a context of 1000 is known',
    (inputTokens, output) => {
      const text = CATALOG.replace('llama: { prices', 'llama: { context_window: 1000, prices');
      const request = requestOf({ inputTokens, maxOutputTokens: null });
      const worst = worstCase(termsOf({ catalogs: [text] }), request, span);
      expect(worst).toMatchObject({ tokens: inputTokens + output });
    },
  );

  it('needs terms', () => {
    expect(worstCase(termsOf({ tier: 'gone' }), requestOf(), span)).toMatchObject({
      code: 'no_terms',
    });
  });

  it.each([
    // price after noon's hour  dearest of 100 input
    ['7', 700_000_000_000n],
    ['3', 500_000_000_000n],
  ])('is priced at the dearest row before it expires: 5 now, %s then', (price, femto) => {
    const terms = termsOf({ catalogs: [CATALOG, later(NOON + HOUR, price)] });
    const units = { pools: ['input'] as const, units: 100n };
    const until = { from: NOON, to: NOON + HOUR + 1 };
    expect(dearestFemto(terms, requestOf(), units, until)).toBe(femto);
    const before = { from: NOON, to: NOON + HOUR };
    expect(dearestFemto(terms, requestOf(), units, before)).toBe(500_000_000_000n);
  });

  it('is free on a free tier, priced or not', () => {
    const terms = termsOf({ tier: 'free' });
    const units = { pools: ['output'] as const, units: 100n };
    expect(dearestFemto(terms, requestOf({ serviceTier: 'flex' }), units, span)).toBe(0n);
  });

  it('adds up what each pool could enter where prices are packages', () => {
    const text = CATALOG.replace('input: "5"', 'input: { package: { size: 1000, price: "1" } }');
    const terms = termsOf({ catalogs: [text] });
    const units = { pools: ['input', 'cached_input'] as const, units: 1_001n };
    // Two packages, and 1001 cached tokens at 2.5 per million.
    expect(dearestFemto(terms, requestOf(), units, span)).toBe(2_002_502_500_000_000n);
  });
});
