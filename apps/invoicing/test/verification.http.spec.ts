import { rows } from '#libs/database/database.js';
import type { MeteredEvent } from '#libs/events/metered-batch.js';
import { USAGE_METERED } from '#libs/events/topics.js';
import { metered } from '#libs/usage/test/metered.js';
import { randomMonth } from '#libs/usage/test/random-month.js';
import { LogReplay } from '../store/log-replay.js';
import { type Door, openDoor, verifications } from './door.js';
import { CATALOG_TEXT, NOON } from './log-writer.js';
import { CLOSABLE, DECEMBER, Stand } from './stand.js';

const DAY = 86_400_000;

const use = (id: string, quantities = { input: 1_000_000 }, at = NOON, organization = 'org_acme') =>
  metered(id, { at, quantities }, { organization });

/** The event taken off again, or put on anew with other quantities. */
function changed(event: MeteredEvent, quantities?: { input: number }): MeteredEvent {
  const [delta] = event.deltas;
  if (!delta) throw new Error('an event without a delta');
  const negative = Object.fromEntries(
    Object.entries(delta.quantities).map(([name, units]) => [name, -units]),
  );
  const off = { ...delta, requests: -1 as const, quantities: negative };
  return quantities
    ? { ...event, kind: 'corrected', deltas: [off, { ...delta, quantities }] }
    : { ...event, kind: 'voided', deltas: [off] };
}

describe('verification', () => {
  let stand: Stand;
  let door: Door;
  const verify = async (number: string, key?: string) =>
    door.call(`/v1/invoices/${number}/verify`, { method: 'POST', ...(key && { key, body: '{}' }) });
  const allSame = async () =>
    (await verifications(door, stand)).map((one) => [one.equal, one.bytes_equal, one.differences]);
  const same = [true, true, []];

  beforeEach(async () => {
    stand = await Stand.open();
    await stand.publish();
    await stand.register();
    door = await openDoor(stand);
  });
  afterEach(async () => {
    await door.close();
    await stand.close();
  });

  it('rebuilds the very bytes from the log: corrected, voided, repriced and free usage, fees', async () => {
    await stand.register('org_free', 'free');
    await stand.publish(
      CATALOG_TEXT.replace('2026-11-a', '2026-11-b').replace('-01T', '-20T').replace('"5"', '"7"'),
    );
    await stand.tell({
      type: 'TierChanged',
      organization: 'org_acme',
      tier: 'team',
      effectiveFrom: NOON + DAY,
    });
    const [first, second] = [use('a'), use('b', { input: 333_333 })];
    await stand.meter([first, second, use('c', { input: 7 }, NOON, 'org_free')]);
    await stand.meter([changed(first), use('d', { input: 11 }, NOON + 9 * DAY)]);
    await stand.meter([changed(second, { input: 222_222 }), use('e')], 1);
    await stand.bill();
    const documents = await stand.documents();
    expect(documents.flatMap(({ lines }) => lines.map(({ kind }) => kind))).toEqual(
      expect.arrayContaining(['usage', 'fee', 'credit']),
    );
    expect(await allSame()).toEqual(documents.map(() => same));
    // What comes after the cut changes nothing.
    await stand.meter([use('later')]);
    const { equal, events, cut } = (await verify('MB-2026-000001')).body;
    expect({ equal, events, cut }).toEqual({ equal: true, events: 6, cut: documents[0]?.cut });
  });

  it('takes what earlier invoices billed as given, and rebuilds the adjustment of late usage', async () => {
    await stand.meter([use('a')]);
    await stand.bill();
    await stand.meter([use('late', { input: 20 }), use('new', { input: 10 }, DECEMBER.from)]);
    await stand.bill(DECEMBER);
    const [, december] = await stand.documents();
    expect(december?.lines.map(({ kind }) => kind)).toEqual(['usage', 'adjustment']);
    expect(await allSame()).toEqual([same, same]);
  });

  it.each([[21], [22]])('holds for every invoice of a random month, seed %i', async (seed) => {
    const own = await Stand.open();
    const ownDoor = await openDoor(own);
    try {
      const month = randomMonth(seed, 300);
      for (const text of month.catalogs) await own.publish(text);
      for (const fact of month.facts) await own.tell(fact);
      for (const [index, batch] of month.batches.entries()) await own.meter(batch, index % 2);
      await own.caughtUp();
      own.now = CLOSABLE;
      await own.ask();
      await own.reactor().advanceAll();
      const documents = await own.documents();
      expect(documents.length).toBeGreaterThan(1);
      for (const { number } of documents)
        expect(
          (await ownDoor.call(`/v1/invoices/${number}/verify`, { method: 'POST' })).body,
        ).toMatchObject({ equal: true, bytes_equal: true, differences: [] });
    } finally {
      await ownDoor.close();
      await own.close();
    }
  });

  it('is not fooled by a projection that was tampered with', async () => {
    await stand.meter([use('a')]);
    await stand.caughtUp();
    await rows(stand.source, 'UPDATE usage_hour SET units = units * 2');
    await stand.bill();
    const { body } = await verify('MB-2026-000001');
    expect(body).toMatchObject({ equal: false, bytes_equal: false, events: 1 });
    expect(body.differences).toEqual(
      expect.arrayContaining([
        { path: '/lines/0/quantity', stored: 2_000_000, derived: 1_000_000 },
        { path: '/total', stored: '10.00', derived: '5.00' },
      ]),
    );
  });

  it('names each path of a stored document that was tampered with', async () => {
    await stand.meter([use('a')]);
    await stand.bill();
    const tamper = async (from: string, to: string) =>
      stand.source.transaction(async (tx) => {
        await tx.query('SET LOCAL session_replication_role = replica');
        await tx.query('UPDATE invoice SET document = replace(document::text, $1, $2)::json', [
          from,
          to,
        ]);
      });
    await tamper('"total":"5.00"', '"total":"4.00"');
    await tamper('"name":"Acme"', '"name":"Acne"');
    expect((await verify('MB-2026-000001')).body).toMatchObject({
      equal: false,
      bytes_equal: false,
      differences: [
        { path: '/bill_to/name', stored: 'Acne', derived: 'Acme' },
        { path: '/total', stored: '4.00', derived: '5.00' },
      ],
    });
    await tamper('"total":"4.00"', '"total": "5.00"');
    await tamper('Acne', 'Acme');
    expect((await verify('MB-2026-000001')).body).toMatchObject({
      equal: true,
      bytes_equal: false,
      differences: [],
    });
    await tamper('{"0":1', '{"0":9');
    expect(await verify('MB-2026-000001')).toMatchObject({
      status: 409,
      body: { code: 'log_incomplete' },
    });
  });

  it('drops a range that metering published twice', async () => {
    await stand.meter([use('a')]);
    const [record] = await stand.log.read(USAGE_METERED, 0, 0);
    await stand.log.append(USAGE_METERED, 0, [{ key: null, value: record?.value as Buffer }]);
    await stand.meter([use('b')]);
    await stand.bill();
    expect((await verify('MB-2026-000001')).body).toMatchObject({ equal: true, events: 2 });
  });

  it('leaves late usage to an open month between, as issuing did', async () => {
    const january = { from: DECEMBER.to, to: Date.UTC(2027, 1, 1) };
    await stand.meter([use('a')]);
    await stand.bill();
    await stand.meter([use('late', { input: 20 }), use('new', { input: 10 }, january.from)]);
    await stand.bill(january);
    await stand.meter([use('december', { input: 5 }, DECEMBER.from)]);
    await stand.bill(DECEMBER);
    const kinds = (await stand.documents()).map(({ lines }) => lines.map(({ kind }) => kind));
    expect(kinds).toEqual([['usage'], ['usage'], ['usage', 'adjustment']]);
    expect(await allSame()).toEqual([same, same, same]);
  });

  it('takes an earlier invoice as it stood then, though it was voided and billed again since', async () => {
    await stand.meter([use('a')]);
    await stand.bill();
    await stand.meter([use('new', { input: 10 }, DECEMBER.from)]);
    await stand.bill(DECEMBER);
    stand.now += DAY;
    const voided = await door.call('/v1/invoices/MB-2026-000001/void', {
      method: 'POST',
      headers: { 'idempotency-key': 'void-of-november-2026' },
      body: JSON.stringify({ reason: 'wrong address' }),
    });
    expect(voided.body).toMatchObject({ state: 'void' });
    stand.now += DAY;
    await stand.bill();
    expect(await allSame()).toEqual([same, same, same]);
  });

  it('says so when the log is not kept that far back, and shows no events either', async () => {
    await stand.meter([use('a')]);
    await stand.bill();
    stand.log.truncateBefore(USAGE_METERED, 0, 1);
    const lines = await door.call('/v1/invoices/MB-2026-000001/lines/1/events');
    for (const answer of [await verify('MB-2026-000001'), lines])
      expect(answer).toMatchObject({ status: 409, body: { code: 'log_truncated' } });
  });

  it('says so when a range of the log is missing', async () => {
    await stand.meter([use('a')]);
    await stand.bill();
    const [record] = await stand.log.read(USAGE_METERED, 0, 0);
    const value = Buffer.from(String(record?.value).replace('"from":0,', '"from":1,'));
    stand.log.truncateBefore(USAGE_METERED, 0, 1);
    const { log } = stand.parts();
    const damaged = {
      watermarks: async () => [{ partition: 0, low: 0, high: 1 }],
      read: async () => [{ offset: 0, key: null, value, appendedAt: 0 }],
    };
    const replay = new LogReplay(stand.source, { ...log, ...damaged });
    await expect(async () => {
      for await (const _ of replay.events('org_acme', { 'usage.recorded': { 0: 2 } }));
    }).rejects.toMatchObject({
      code: 'log_unreadable',
      message: expect.stringMatching(/^chain_hole: raw offsets 0 to 0/) as string,
    });
  });

  it('is for who may read bills or operates; another organization finds nothing', async () => {
    await stand.meter([use('a')]);
    await stand.bill();
    const [own, ops, other, usage] = await Promise.all([
      stand.key('org_acme', ['billing:read']),
      stand.key(null, ['ops']),
      stand.register('org_other').then(async () => stand.key('org_other', ['billing:read'])),
      stand.key('org_acme', ['usage:read']),
    ]);
    await stand.caughtUp();
    const statuses = [];
    for (const key of [own, ops, other, usage])
      statuses.push((await verify('MB-2026-000001', key)).status);
    expect(statuses).toEqual([200, 200, 404, 403]);
    expect(await verify('MB-2026-000099')).toMatchObject({
      status: 404,
      body: { code: 'unknown_invoice' },
    });
  });
});
