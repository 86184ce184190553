import { PERIOD, printableLine } from '../test/printable.js';
import { WORDS } from './document-words.js';
import { type PrintableLine, printedRow } from './printed-row.js';

const OCTOBER = { from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' };
const nothing = { model: null, pool: null, service_tier: null, quantity: null } as const;
const noPrice = { price_per_million: null };

describe('a printed row', () => {
  it('has model, pool, tier, time, quantity, price and amount', () => {
    const line = printableLine({ pool: 'cached_input', service_tier: 'batch', adapter: 'tuned-7' });
    expect(printedRow(line, PERIOD, WORDS.en)).toEqual({
      title: 'llama',
      detail: 'Cached input tokens, batch, adapter tuned-7',
      span: '1 Nov – 30 Nov',
      quantity: '1,000,000',
      price: '0.59',
      amount: '0.59',
    });
    expect(printedRow(line, PERIOD, WORDS.ar)).toMatchObject({
      title: 'llama',
      detail: 'رموز الإدخال المخزنة مؤقتا، دفعات، المحول \u200etuned-7\u200e',
      span: 'من 1 نوفمبر إلى 30 نوفمبر',
    });
  });

  it.each<[string, Partial<PrintableLine>, string, string, string]>([
    // case, line, title, detail, span
    ['a fee', { ...nothing, ...noPrice, kind: 'fee', tier: 'team' }, 'Monthly fee: team', '', ''],
    [
      'a free credit',
      {
        ...nothing,
        ...noPrice,
        kind: 'credit',
        description: 'Usage on the free tier, at no charge',
      },
      'Usage on the free tier, at no charge',
      '',
      '',
    ],
    [
      'a part of the month without usage',
      { ...nothing, ...noPrice, kind: 'fee', tier: 'team', to: '2026-11-12T14:00:00Z' },
      'Monthly fee: team',
      '',
      '1 Nov – 12 Nov 14:00',
    ],
    [
      'an adjustment',
      {
        kind: 'adjustment',
        ...OCTOBER,
        adjusts: { period: OCTOBER, number: 'MB-2026-000003' },
      },
      'llama',
      'Late usage: October 2026 (MB-2026-000003), Input tokens, on demand',
      '1 Oct – 31 Oct',
    ],
    [
      'an adjustment of a fee',
      {
        ...nothing,
        ...noPrice,
        ...OCTOBER,
        kind: 'adjustment',
        description: 'Late change of the monthly fee',
        adjusts: { period: OCTOBER, number: 'MB-2026-000003' },
      },
      'Late change of the monthly fee',
      'October 2026 (MB-2026-000003)',
      '1 Oct – 31 Oct',
    ],
    [
      'an adjustment of a month without an invoice',
      { kind: 'adjustment', ...OCTOBER, adjusts: { period: OCTOBER, number: null } },
      'llama',
      'Late usage: October 2026, Input tokens, on demand',
      '1 Oct – 31 Oct',
    ],
    [
      'what has no words of its own',
      { ...nothing, ...noPrice, kind: 'adjustment', description: 'Agreed by telephone' },
      'Agreed by telephone',
      'Late usage',
      '',
    ],
    [
      'a commitment',
      {
        ...nothing,
        ...noPrice,
        kind: 'commitment',
        description: 'Minimum commitment, team: what usage fell short of',
      },
      'Minimum commitment: what usage fell short of',
      '',
      '',
    ],
    [
      'a discount',
      {
        ...nothing,
        ...noPrice,
        kind: 'credit',
        description: 'Discounts and caps of the contract',
      },
      'Discounts and caps of the contract',
      '',
      '',
    ],
    [
      'long inputs, and a part of a charge',
      { above_context: 128_000, part: 'tier 2' },
      'llama',
      'Input tokens, on demand, input above 128,000 tokens, tier 2',
      '1 Nov – 30 Nov',
    ],
  ])('of %s', (_, part, title, detail, span) => {
    expect(printedRow(printableLine(part), PERIOD, WORDS.en)).toMatchObject({
      title,
      detail,
      span,
    });
  });

  it('shows counts beyond 2^53, prices of nine places and credits as they are', () => {
    const line = { quantity: 90_071_992_547_409_931n, price_per_million: '0.000000001' };
    expect(
      printedRow(printableLine({ ...line, amount: '-1000.00' }), PERIOD, WORDS.en),
    ).toMatchObject({
      quantity: '90,071,992,547,409,931',
      price: '0.000000001',
      amount: '-1,000.00',
    });
  });
});
