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
