import { invoiceNumber } from './invoice-number.js';

describe('an invoice number', () => {
  it.each([
    [17n, 'MB-2026-000017'],
    [1_000_000n, 'MB-2026-1000000'],
  ])('of sequence %s is %s', (sequence, expected) => {
    expect(invoiceNumber('MB', 2026, sequence)).toBe(expected);
  });
});
