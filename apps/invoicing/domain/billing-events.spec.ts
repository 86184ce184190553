import { decodeBillingEvent } from '#libs/events/billing-event.js';
import { account } from '#libs/rating/test/terms.js';
import { line, month, NOVEMBER } from '../test/rated.js';
import { draftInvoice } from './invoice.js';
import { adjustmentsBooked, announcementOf, billingEvent, type Told } from './billing-events.js';

const TOLD: Told = {
  type: 'invoice.issued',
  fact: 'MB-2026-000001',
  organization: 'org_acme',
  at: Date.UTC(2026, 11, 2),
  data: { number: 'MB-2026-000001' },
};

describe('a billing event', () => {
  it('has one id per type and fact, without a dot, whatever else it says', () => {
    const { id } = billingEvent(TOLD);
    expect(id).toMatch(/^evt_[0-9a-f]{32}$/);
    expect(billingEvent({ ...TOLD, at: 0, data: {} }).id).toBe(id);
    expect(billingEvent({ ...TOLD, type: 'invoice.paid' }).id).not.toBe(id);
    expect(billingEvent({ ...TOLD, fact: 'MB-2026-000002' }).id).not.toBe(id);
  });

  it('goes to billing.events under its organization', () => {
    const { topic, key, id, value, recordedAt } = announcementOf(TOLD);
    expect([topic, key, recordedAt]).toEqual(['billing.events', 'org_acme', TOLD.at]);
    expect(decodeBillingEvent(value)).toEqual({
      version: 1,
      id,
      type: 'invoice.issued',
      organization: 'org_acme',
      timestamp: '2026-12-02T00:00:00Z',
      data: { number: 'MB-2026-000001' },
    });
  });
});

describe('a booked adjustment', () => {
  const october = { from: Date.UTC(2026, 9, 1), to: NOVEMBER.from };
  const september = { from: Date.UTC(2026, 8, 1), to: october.from };
  const late = (period: typeof october, number: string | null, units: bigint) => {
    const lines = [line({ ...period, units, femtoPerUnit: 10n ** 13n })];
    return { period, number, lines, unpriced: [] };
  };
  const invoice = draftInvoice({
    account: account(),
    period: NOVEMBER,
    rated: month([line()]),
    late: [
      { ...late(october, 'MB-7', 5n), charges: [{ kind: 'fee', amountFemto: -(10n ** 13n) }] },
      late(september, null, 2n),
    ],
    cut: {},
  });

  it('is told once for each month that the invoice adjusts', () => {
    const told = adjustmentsBooked(invoice, { number: 'MB-9', issuedAt: 5 });
    expect(told.map(({ type, fact }) => [type, fact])).toEqual([
      ['adjustment.booked', `MB-9/${september.from}`],
      ['adjustment.booked', `MB-9/${october.from}`],
    ]);
    expect(told[1]).toMatchObject({
      organization: 'org_acme',
      at: 5,
      data: {
        number: 'MB-9',
        adjusts: { number: 'MB-7', period: { from: '2026-10-01T00:00:00Z' } },
        currency: 'USD',
        lines: [3, 4],
        amount_exact: '0.04',
        amount: '0.04',
      },
    });
  });

  it('is not told where there is none', () => {
    const plain = draftInvoice({
      account: account(),
      period: NOVEMBER,
      rated: month([line()]),
      late: [],
      cut: {},
    });
    expect(adjustmentsBooked(plain, { number: 'MB-9', issuedAt: 5 })).toEqual([]);
  });
});
