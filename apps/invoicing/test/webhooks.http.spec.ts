import { rows } from '#libs/database/database.js';
import { encodeQuotaEvent } from '#libs/events/quota-event.js';
import { BILLING_EVENTS, QUOTA_EVENTS } from '#libs/events/topics.js';
import { createLogger } from '#libs/telemetry/logger.js';
import { WebhookDeliveryReactor } from '../consumers/webhook-delivery.reactor.js';
import { WebhookSender } from '../consumers/webhook-sender.js';
import { WebhookDeliveryStore } from '../store/webhook-delivery.store.js';
import { WebhookStore } from '../store/webhook.store.js';
import { type Door, openDoor } from './door.js';
import { ADMIN_KEY, Stand, until } from './stand.js';
import { Receiver } from './webhook-receiver.js';

const MINUTE = 60_000;

describe('webhooks', () => {
  let stand: Stand;
  let door: Door;
  let receiver: Receiver;
  let key: string;
  let told = 0;

  beforeAll(async () => {
    stand = await Stand.open();
    // Signatures are checked against the real clock by the official library.
    stand.now = Date.now();
    door = await openDoor(stand);
    for (const organization of ['org_acme', 'org_other']) await stand.register(organization);
    key = await stand.key('org_acme', ['billing:read', 'billing:write']);
    await stand.caughtUp();
  });
  beforeEach(async () => {
    receiver = new Receiver();
    await receiver.start();
  });
  afterEach(async () => {
    await receiver.stop();
    for (const { id } of await new WebhookStore(stand.source, ADMIN_KEY).list(null, undefined, 99))
      await door.call(`/v1/webhooks/${id}`, { method: 'DELETE' });
    stand.now = Date.now();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  const post = async (path: string, body: unknown = {}, as = key) =>
    door.call(path, { method: 'POST', body: JSON.stringify(body), key: as });
  const create = async (change: object = {}, as = key) =>
    post('/v1/webhooks', { url: receiver.url, events: ['invoice.issued'], ...change }, as);
  const event = (type = 'invoice.issued', organization = 'org_acme') => ({
    version: 1,
    id: `${type}/${(told += 1)}`,
    type,
    organization,
    timestamp: new Date(stand.now).toISOString(),
    data: { number: `MB-2026-${told}`, total: '12.35' },
  });
  const tell = async (value: unknown, topic = BILLING_EVENTS): Promise<void> => {
    await stand.log.append(topic, 0, [{ key: null, value: Buffer.from(JSON.stringify(value)) }]);
  };
  const arrived = async (count: number) =>
    until(async () => Promise.resolve(receiver.received.length >= count));
  const deliveries = async (id: string) =>
    (await door.call(`/v1/webhooks/${id}/deliveries`, { key })).body.data;

  it('tell an event once, signed as the official library checks', async () => {
    const { status, body } = await create();
    expect(status).toBe(201);
    expect(body).toMatchObject({ organization: 'org_acme', url: receiver.url, disabled: null });
    const happened = event();
    await tell(happened);
    await tell(happened);
    await arrived(1);
    const { type, timestamp, data } = happened;
    expect(receiver.verified(body.secret)).toEqual({ type, timestamp, data });
    expect(receiver.received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': expect.stringMatching(/^msg_[0-9a-f]{32}$/),
    });
    await tell(event());
    await arrived(2);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    const listed = await deliveries(body.id);
    expect(listed.map(({ state, attempts }: Record<string, unknown>) => [state, attempts])).toEqual(
      [
        ['delivered', 1],
        ['delivered', 1],
      ],
    );
  });

  it('tell only what was asked for, of the own organization, since the endpoint stands', async () => {
    const before = event();
    stand.now += 1_000;
    const { body } = await create({ events: ['invoice.paid', 'limit.reached'] });
    const all = await create({ events: ['invoice.paid'] }, ADMIN_KEY);
    await tell(before);
    await tell(event('invoice.issued'));
    await tell(event('invoice.paid', 'org_other'));
    await tell({ strange: true });
    const reached = { period: '2026-11', limit: '50', mode: 'hard', spent_exact: '50' } as const;
    const common = { version: 1, id: 'evt_7', organization: 'org_acme', project: null } as const;
    const quotaEvent = { ...common, ...reached, type: 'limit.reached', at: stand.now } as const;
    await tell(JSON.parse(encodeQuotaEvent(quotaEvent).toString()), QUOTA_EVENTS);
    await tell(event('invoice.paid'));
    await arrived(3);
    const types = async (id: string) =>
      (await door.call(`/v1/webhooks/${id}/deliveries`)).body.data
        .map(({ type }: { type: string }) => type)
        .toSorted();
    expect(await types(body.id)).toEqual(['invoice.paid', 'limit.reached']);
    expect(await types(all.body.id)).toEqual(['invoice.paid', 'invoice.paid']);
  });

  it('sign with both secrets for a day after a rotation', async () => {
    const { body } = await create();
    const rotated = await post(`/v1/webhooks/${body.id}/rotate`);
    expect(rotated.status).toBe(201);
    expect(rotated.body.secret).not.toBe(body.secret);
    await tell(event());
    await arrived(1);
    expect(receiver.received[0]?.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [body.secret, rotated.body.secret])
      expect(receiver.verified(secret)).toMatchObject({ type: 'invoice.issued' });
    const endpoints = new WebhookStore(stand.source, ADMIN_KEY);
    expect(await endpoints.secretsOf(body.id, stand.now + 1_440 * MINUTE)).toEqual([
      rotated.body.secret,
    ]);
  });

  it('come again under the same id until they are taken', async () => {
    const { body } = await create();
    receiver.status = 500;
    await tell(event());
    await arrived(1);
    await until(async () => (await deliveries(body.id))[0].last?.status === 500);
    expect((await deliveries(body.id))[0]).toMatchObject({ state: 'pending', attempts: 1 });
    // Of an answer of 100,000 characters 1,000 are kept.
    expect((await deliveries(body.id))[0].last.answer).toHaveLength(1_000);
    receiver.status = 200;
    stand.now += 6_000;
    await arrived(2);
    await until(async () => (await deliveries(body.id))[0].state === 'delivered');
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toBe(ids[1]);
    const stamps = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect((stamps[1] ?? 0) - (stamps[0] ?? 0)).toBeGreaterThanOrEqual(6);
  });

  it('stop at 410 and go on when the endpoint is switched on again', async () => {
    const { body } = await create();
    receiver.status = 410;
    await tell(event());
    await arrived(1);
    await until(async () => {
      const shown = await door.call(`/v1/webhooks/${body.id}`, { key });
      return String(shown.body.disabled).startsWith('the endpoint answered 410');
    });
    receiver.status = 204;
    await post(`/v1/webhooks/${body.id}/enable`);
    const [failed] = await deliveries(body.id);
    expect(failed.state).toBe('failed');
    expect((await post(`/v1/webhooks/${body.id}/deliveries/${failed.id}/retry`)).status).toBe(202);
    await arrived(2);
  });

  it('follow no redirect', async () => {
    const { body } = await create();
    receiver.status = 302;
    receiver.answerHeaders = { location: receiver.url };
    await tell(event());
    await until(async () => (await deliveries(body.id))[0]?.last?.status === 302);
    expect(receiver.received).toHaveLength(1);
  });

  it('are sent once by two senders', async () => {
    const own = await Stand.open();
    const endpoints = new WebhookStore(own.source, ADMIN_KEY);
    const store = new WebhookDeliveryStore(own.source);
    const clock = () => own.now;
    const sender = new WebhookSender({ allowedNetworks: ['127.0.0.0/8'], clock });
    const logger = createLogger('test', 'silent');
    const parts = { endpoints, deliveries: store, sender, clock, logger };
    const both = [new WebhookDeliveryReactor(parts), new WebhookDeliveryReactor(parts)];
    const endpoint = { id: 'whk_1', organization: null, url: receiver.url, createdAt: 0 };
    await endpoints.create({ ...endpoint, events: ['invoice.issued'] });
    const events = Array.from({ length: 20 }, () => event());
    await own.source.transaction(async (tx) => store.add(tx, events, own.now));
    for (let sent = 1; sent > 0;) {
      const counts = await Promise.all(both.map(async (one) => one.sendDue()));
      sent = counts.reduce((sum, one) => sum + one, 0);
      // At most two of one endpoint are in flight per claim.
      expect(Math.max(...counts)).toBeLessThanOrEqual(2);
    }
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(20);
    expect(receiver.received).toHaveLength(20);
    await own.close();
  });

  it('go out to nobody unsigned: a secret of another sealing key is said, a removed endpoint is left', async () => {
    const own = await Stand.open();
    const clock = () => own.now;
    const store = new WebhookDeliveryStore(own.source);
    const sealed = new WebhookStore(own.source, ADMIN_KEY);
    const other = new WebhookStore(own.source, 'another sealing key of 32 characters or more');
    const sender = new WebhookSender({ allowedNetworks: ['127.0.0.0/8'], clock });
    const logger = createLogger('test', 'silent');
    const reactor = (endpoints: WebhookStore) =>
      new WebhookDeliveryReactor({ endpoints, deliveries: store, sender, clock, logger });
    const endpoint = { organization: null, url: receiver.url, events: ['invoice.issued'] };
    for (const id of ['whk_1', 'whk_2']) await sealed.create({ ...endpoint, id, createdAt: 0 });
    await own.source.transaction(async (tx) => store.add(tx, [event()], own.now));
    await reactor(other).sendDue();
    const [first] = await store.list('whk_1', undefined, 1);
    expect([first?.state, first?.attempts, first?.last_fault]).toEqual([
      'pending',
      1,
      'the secret was sealed by another WEBHOOK_SEALING_KEY: rotate it',
    ]);
    own.now += 6_000;
    // The second is removed between its claim and the look at its secret.
    const removing = Object.assign(Object.create(sealed) as WebhookStore, {
      secretsOf: async (id: string, now: number) => {
        if (id === 'whk_2') await sealed.remove(id);
        return sealed.secretsOf(id, now);
      },
    });
    await reactor(removing).sendDue();
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    await own.close();
  });

  it('reach no address that a name hides', async () => {
    for (const address of ['127.0.0.1', '169.254.169.254', '::1', '10.0.0.7']) {
      const resolve = ((_host: string, _options: object, done: (...args: unknown[]) => void) =>
        done(null, [
          { address: '93.184.215.14', family: 4 },
          { address, family: address.includes(':') ? 6 : 4 },
        ])) as never;
      const sender = new WebhookSender({ allowedNetworks: [], clock: () => stand.now, resolve });
      const delivery = { id: '1', endpoint: 'whk_1', messageId: 'msg_1', body: '{}', attempt: 1 };
      const url = 'https://rebinding.example/hook';
      const sent = await sender.send({ ...delivery, url }, []);
      expect(sent.attempted).toEqual({ fault: `rebinding.example leads to ${address}` });
    }
    expect(receiver.received).toEqual([]);
  });

  it('keep their secrets sealed', async () => {
    const { body } = await create();
    const [row] = await rows<{ text: string }>(
      stand.source,
      `SELECT encode(secret, 'escape') || encode(secret, 'base64') AS text FROM webhook_endpoint`,
    );
    expect(row?.text).not.toContain(body.secret.slice(6, 30));
    expect((await door.call(`/v1/webhooks/${body.id}`, { key })).text).not.toContain('whsec');
  });

  it.each([
    [{ url: 'http://hooks.example.com' }, '/url', 'must begin with https://'],
    [{ url: 'https://169.254.169.254/' }, '/url', 'must lead to a public address'],
    [{ url: undefined }, '/url', 'is missing: it must be a string'],
    [{ events: [] }, '/events', 'must contain at least 1 elements'],
    [{ events: ['invoice.eaten'] }, '/events', 'must be one of'],
    [{ events: ['invoice.paid', 'invoice.paid'] }, '/events', 'unique'],
    [{ secret: 'mine' }, '/secret', 'is not a field'],
  ])('refuse %j at %s: %s', async (change, pointer, detail) => {
    const { status, body } = await create(change);
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
    expect(body.errors[0].detail).toContain(detail);
  });

  it('are seen by their own organization only', async () => {
    const { body } = await create();
    const other = await stand.key('org_other', ['billing:read', 'billing:write']);
    await stand.caughtUp();
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/rotate'],
      ['POST', '/enable'],
      ['GET', '/deliveries'],
    ] as const) {
      const answer = await door.call(`/v1/webhooks/${body.id}${path}`, { method, key: other });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await create({ organization: 'org_acme' }, other)).status).toBe(404);
    expect((await door.call('/v1/webhooks', { key: other })).body.data).toEqual([]);
    expect((await door.call('/v1/webhooks', { key })).body.data).toHaveLength(1);
  });
});
