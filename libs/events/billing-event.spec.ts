import { type BillingEvent, decodeBillingEvent, encodeBillingEvent } from './billing-event.js';

const ISSUED: BillingEvent = {
  version: 1,
  id: 'evt_1',
  type: 'invoice.issued',
  organization: 'org_acme',
  timestamp: '2026-12-02T00:00:00Z',
  data: { number: 'MB-2026-000001', total: '12.35' },
};

describe('a billing event', () => {
  it('comes out of its record as it went in', () => {
    expect(decodeBillingEvent(encodeBillingEvent(ISSUED))).toEqual(ISSUED);
  });

  it.each([
    // change                  fault
    [{ version: 2 }, 'billing event version 2'],
    [{ type: 'invoice.lost' }, 'no billing event type: invoice.lost'],
    [{ id: undefined }, 'billing event without id'],
    [{ organization: 7 }, 'billing event without organization'],
    [{ timestamp: null }, 'billing event without timestamp'],
    [{ data: null }, 'billing event without data'],
  ])('with %j is refused: %s', (change, fault) => {
    const value = Buffer.from(JSON.stringify({ ...ISSUED, ...change }));
    expect(() => decodeBillingEvent(value)).toThrow(fault);
  });

  it('that is null or no JSON is refused', () => {
    expect(() => decodeBillingEvent(Buffer.from('null'))).toThrow('version undefined');
    expect(() => decodeBillingEvent(Buffer.from('{'))).toThrow(SyntaxError);
  });
});
