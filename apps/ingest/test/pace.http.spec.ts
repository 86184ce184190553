import { MESSAGE } from '#libs/testing/usage-message.js';
import { EventsStand, messages } from './events-stand.js';

const ONE = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json' };

let stand: EventsStand;

beforeAll(async () => {
  // The stand's clock stands still: a burst of four requests and 4,000 bytes a key.
  stand = await EventsStand.start({ requestsPerSecond: 2, bytesPerSecond: 2_000 });
});

afterAll(async () => {
  await stand.stop();
});

function sender() {
  const authorization = `Bearer ${stand.key('usage:write', 'org_acme')}`;
  return async (path: string, body: unknown, headers: Record<string, string>) =>
    stand.post(path, JSON.stringify(body), { ...headers, authorization });
}

describe('pace of a key', () => {
  it('is 429 with a time to wait above its requests, on both doors together, and no other key’s', async () => {
    const send = sender();
    for (const path of ['/v1/events', '/api/v1/events', '/v1/events', '/api/v1/events'])
      expect((await send(path, MESSAGE, ONE)).status).toBeLessThan(300);
    for (const path of ['/v1/events', '/api/v1/events']) {
      const answer = await send(path, MESSAGE, ONE);
      expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect((await sender()('/v1/events', MESSAGE, ONE)).status).toBe(202);
  });

  it('is 429 above its bytes, until they are worked off', async () => {
    const send = sender();
    const many = messages(...Array.from({ length: 40 }, (_, place) => `bytes-${place}`));
    expect((await send('/v1/events', many, BATCH)).status).toBe(202);
    const answer = await send('/v1/events', MESSAGE, ONE);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(1);
  });

  it.each(['/v1/events', '/api/v1/events'])(
    'is 429 on %s after events that were refused, ten of them a request',
    async (path) => {
      const send = sender();
      const bad = Array.from({ length: 50 }, () => ({}));
      expect((await send(path, bad, BATCH)).status).toBe(400);
      const answer = await send(path, MESSAGE, ONE);
      expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
      expect(answer.headers.get('retry-after')).toBe('2');
    },
  );
});
