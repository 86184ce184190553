import { eventDigest, addDigests, NO_DIGEST } from '#libs/events/digest.js';
import { digestText } from '#libs/rating/reader-totals.js';
import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { NOON, Stand } from './stand.js';

const PATH = '/ops/usage-totals?organization=org_acme&period=2026-11';

describe('usage totals of quota', () => {
  let stand: Stand;
  let door: Door;
  const events = [
    metered('a', { at: NOON, quantities: { input: 1_000_000, cached_input: 7 } }),
    metered('b', { at: NOON, quantities: { output: 3 } }),
  ];

  beforeAll(async () => {
    stand = await Stand.open();
    door = await openDoor(stand);
    await stand.publish();
    await stand.register('org_acme', 'developer');
    await stand.meter(events);
    await stand.caughtUp();
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('hold requests, pools, the digest of the very events, spend and positions', async () => {
    const { status, body } = await door.ask(`${PATH}&at_least=usage.recorded:0:2`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      requests: 2,
      tokens: 1_000_010,
      quantities: { input: 1_000_000, cached_input: 7, output: 3, reasoning: 0 },
      spent_exact: '5.0000475',
      digest: digestText(events.map(eventDigest).reduce(addDigests, NO_DIGEST)),
      positions: { 'usage.recorded': { 0: 2, 1: 0 }, accounts: { 0: 1 }, catalog: { 0: 1 } },
    });
  });

  it('hold the spend that the limiter keeps, so that a fault in it is found', async () => {
    const request = {
      request_id: 'r',
      organization: 'org_acme',
      model: 'other',
      input_tokens: 1,
      max_output_tokens: 0,
    };
    const reserved = await door.ask('/v1/reservations', {
      method: 'POST',
      body: JSON.stringify(request),
    });
    expect(reserved.status).toBe(201);
    expect((await door.ask(PATH)).body['spent_exact']).toBe('5.0000475');
    await stand.source.query('UPDATE admission SET spent = spent + 1');
    expect((await door.ask(PATH)).body['spent_exact']).toBe('5.000047500000001');
  });

  it('rate the month where the limiter keeps no number of it', async () => {
    const { body } = await door.ask(PATH.replace('2026-11', '2026-10'));
    expect(body).toMatchObject({ requests: 0, spent_exact: '0', digest: '0'.repeat(32) });
    const unknown = await door.ask(PATH.replace('org_acme', 'org_nobody'));
    expect(unknown.body).toMatchObject({ requests: 0, spent_exact: null });
  });
});
