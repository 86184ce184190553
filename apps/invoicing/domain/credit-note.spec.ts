import { type CreditAsk, creditNoteDocument, type Credited, decideCredits } from './credit-note.js';
import type { InvoiceDocument } from './invoice-document.js';

const line = (number: number, amount: string, quantity: number | null = null) => ({
  line: number,
  kind: 'usage',
  description: 'x',
  amount,
  quantity,
});
const INVOICE = {
  number: 'MB-2026-000001',
  currency: 'USD',
  subtotal: '11.00',
  total: '11.00',
  credits_applied: '0.00',
  taxes: [],
  lines: [line(1, '1.00', 3), line(2, '12.00'), line(3, '-2.00'), line(4, '0.00', 5)],
} as unknown as InvoiceDocument;

const decide = (asks: readonly CreditAsk[], earlier: readonly [number, Credited][] = []) =>
  decideCredits(INVOICE, asks, new Map(earlier));

describe('a credit', () => {
  it.each<[CreditAsk[], string, string]>([
    // asked, pointer, code
    [[{ line: 9, amountMinor: 1n }], '/lines/0/line', 'unknown_line'],
    [
      [
        { line: 1, amountMinor: 1n },
        { line: 1, amountMinor: 1n },
      ],
      '/lines/1/line',
      'repeated_line',
    ],
    [[{ line: 1, amountMinor: 101n }], '/lines/0/amount', 'above_line'],
    [[{ line: 1, units: 4n }], '/lines/0/quantity', 'above_line'],
    [[{ line: 2, units: 1n }], '/lines/0/quantity', 'no_quantity'],
    [[{ line: 3, amountMinor: 1n }], '/lines/0/amount', 'above_line'],
    [[{ line: 4, units: 5n }], '/lines/0/quantity', 'nothing_to_credit'],
    [[{ line: 2, amountMinor: 1101n }], '/lines', 'above_invoice'],
  ])('of %o is refused at %s: %s', (asks, pointer, code) => {
    expect(decide(asks).faults).toEqual([expect.objectContaining({ pointer, code })]);
  });

  it.each<[CreditAsk, Credited, bigint]>([
    // asked, credited before, minor units
    [{ line: 1, amountMinor: 100n }, { amountMinor: 0n, units: 0n }, 100n],
    [{ line: 1, amountMinor: 60n }, { amountMinor: 40n, units: 0n }, 60n],
    [{ line: 1, units: 3n }, { amountMinor: 0n, units: 0n }, 100n],
    [{ line: 1, units: 1n }, { amountMinor: 0n, units: 0n }, 33n],
    [{ line: 1, units: 1n }, { amountMinor: 33n, units: 1n }, 34n],
    [{ line: 1, units: 1n }, { amountMinor: 67n, units: 2n }, 33n],
  ])('of %o after %o is %s', (ask, before, minor) => {
    const { credits, faults } = decide([ask], [[ask.line, before]]);
    expect([faults, credits.map(({ amountMinor }) => amountMinor)]).toEqual([[], [minor]]);
  });

  it.each<[CreditAsk, Credited]>([
    [
      { line: 1, amountMinor: 61n },
      { amountMinor: 40n, units: 0n },
    ],
    [
      { line: 1, units: 2n },
      { amountMinor: 67n, units: 2n },
    ],
    [
      { line: 1, units: 3n },
      { amountMinor: 1n, units: 0n },
    ],
  ])('of %o after %o is above the line', (ask, before) => {
    expect(decide([ask], [[1, before]]).faults[0]?.code).toBe('above_line');
  });

  it('counts earlier credits of other lines against the invoice', () => {
    const earlier: [number, Credited][] = [[2, { amountMinor: 1050n, units: 0n }]];
    expect(decide([{ line: 1, amountMinor: 51n }], earlier).faults[0]?.code).toBe('above_invoice');
    expect(decide([{ line: 1, amountMinor: 50n }], earlier).faults).toEqual([]);
  });

  it('is a document that names its invoice and sums its lines', () => {
    const { credits } = decide([
      { line: 1, units: 1n },
      { line: 2, amountMinor: 200n },
    ]);
    const note = { number: 'CN-MB-2026-000001', issuedAt: 0, reason: 'slow' };
    expect(creditNoteDocument(INVOICE, credits, note)).toMatchObject({
      number: 'CN-MB-2026-000001',
      invoice: 'MB-2026-000001',
      reason: 'slow',
      issued_at: '1970-01-01T00:00:00Z',
      subtotal: '2.33',
      total: '2.33',
      lines: [
        { line: 1, quantity: 1, amount: '0.33' },
        { line: 2, quantity: null, amount: '2.00' },
      ],
    });
  });
});
