import { decodeQuotaEvent, encodeQuotaEvent, type QuotaEvent } from './quota-event.js';

const event: QuotaEvent = {
  version: 1,
  id: 'evt_1',
  organization: 'org_acme',
  project: null,
  at: 5,
  type: 'spend.threshold_crossed',
  period: '2026-11',
  percent: 80,
  limit: '100',
  mode: 'hard',
  spent_exact: '80.5',
};

describe('quota event', () => {
  it('comes back as it was', () => {
    expect(decodeQuotaEvent(encodeQuotaEvent(event))).toEqual(event);
  });

  it.each([
    [null, 'version undefined'],
    [{ ...event, version: 2 }, 'version 2'],
    [{ ...event, type: 'spend.doubled' }, 'type spend.doubled'],
    [{ ...event, id: 5 }, 'without id'],
    [{ ...event, organization: undefined }, 'without organization'],
    [{ ...event, at: '5' }, 'without at'],
  ])('%j is refused: %s', (value, fault) => {
    expect(() => decodeQuotaEvent(Buffer.from(JSON.stringify(value)))).toThrow(fault);
  });
});
