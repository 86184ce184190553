import { LiveUpdates, type LiveMessage } from '../http/live-updates.js';
import { Upstreams } from '../http/upstreams.js';
import { EdgeStand, json, KEY } from './stand.js';

describe('live updates', () => {
  let stand: EdgeStand;
  beforeAll(async () => {
    stand = await EdgeStand.start();
  });
  afterAll(async () => stand.stop());

  it('need a session', async () => {
    expect((await stand.ask('GET', '/events')).status).toBe(401);
  });

  it('are of the session’s own organization', async () => {
    const cookie = await stand.signIn();
    const answer = await stand.ask('GET', '/events?organization=org_other', {
      headers: { cookie },
    });
    expect(answer.status).toBe(404);
  });

  it('come as server-sent events and end with the process', async () => {
    const own = await EdgeStand.start();
    const cookie = await own.signIn();
    const answer = await own.ask('GET', '/events', { headers: { cookie } });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const started = performance.now();
    await own.stop();
    await answer.text();
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('tell what moved, once, to all who watch', async () => {
    let spent = '1';
    stand.services.quota.answer = (_seen, reply) =>
      json(reply, 200, { spent_exact: spent, as_of: { lag_ms: Math.random() } });
    const { quota, invoicing } = stand.services;
    const url = (port: number): string => `http://127.0.0.1:${port}`;
    const urls = {
      ingest: '',
      metering: '',
      quota: url(quota.port),
      invoicing: url(invoicing.port),
    };
    const updates = new LiveUpdates(new Upstreams(urls), 20);
    const messages: LiveMessage[][] = [[], []];
    const watching = messages.map((list) =>
      updates.of('org_acme', KEY).subscribe((message) => list.push(message)),
    );
    const looks = async (count: number): Promise<void> => {
      const until = quota.seen.length + count;
      while (quota.seen.length < until)
        await new Promise((resolve) => {
          setTimeout(resolve, 5);
        });
    };
    await looks(3);
    expect(messages).toEqual([[], []]);
    spent = '2';
    await looks(3);
    const data = { organization: 'org_acme' };
    const moved = ['spend', 'limits', 'usage'].map((type) => ({ type, data }));
    expect(messages).toEqual([moved, moved]);
    for (const one of watching) one.unsubscribe();
    await looks(0);
    const after = quota.seen.length;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    expect(quota.seen.length - after).toBeLessThanOrEqual(1);
  });
});
