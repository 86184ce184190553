import { decodeBillingEvent } from '#libs/events/billing-event.js';
import { announcementOf, billingEvent, type Told } from './billing-events.js';

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
