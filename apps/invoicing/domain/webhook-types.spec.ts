import { encodeQuotaEvent } from '#libs/events/quota-event.js';
import { announcedEvent, webhookBody } from './webhook-types.js';

const EVENT = {
  version: 1,
  id: 'invoice.issued/MB-2026-000017',
  type: 'invoice.issued',
  organization: 'org_acme',
  timestamp: '2026-12-02T00:00:00Z',
  data: { number: 'MB-2026-000017', total: '12.35' },
};

describe('announced event', () => {
  it('is read from a record', () => {
    expect(announcedEvent(Buffer.from(JSON.stringify(EVENT)))).toMatchObject(EVENT);
  });

  it('is read from what the limiter tells', () => {
    const record = encodeQuotaEvent({
      version: 1,
      id: 'evt_1',
      type: 'spend.threshold_crossed',
      organization: 'org_acme',
      project: null,
      at: Date.UTC(2026, 10, 24, 9, 30),
      period: '2026-11',
      percent: 80,
      limit: '50',
      mode: 'hard',
      spent_exact: '40.5',
    });
    expect(announcedEvent(record)).toEqual({
      id: 'evt_1',
      type: 'spend.threshold_crossed',
      organization: 'org_acme',
      timestamp: '2026-11-24T09:30:00Z',
      data: {
        organization: 'org_acme',
        project: null,
        period: '2026-11',
        percent: 80,
        limit: '50',
        mode: 'hard',
        spent_exact: '40.5',
      },
    });
  });

  it.each(['', 'null', '[]', '{}', '{"id":1}', JSON.stringify({ ...EVENT, data: [] })])(
    'is not seen in %s',
    (text) => {
      expect(announcedEvent(Buffer.from(text))).toBeUndefined();
    },
  );

  it('goes out as type, timestamp and data, and nothing else', () => {
    expect(webhookBody(EVENT)).toBe(
      '{"type":"invoice.issued","timestamp":"2026-12-02T00:00:00Z","data":{"number":"MB-2026-000017","total":"12.35"}}',
    );
  });
});
