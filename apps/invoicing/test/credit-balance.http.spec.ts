import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { DECEMBER, NOVEMBER, Stand } from './stand.js';

const PATH = '/v1/organizations/org_acme/credit-balance';
/** A million tokens are 5.00 USD. */
const use = (id: string, input: number, at = NOON) => metered(id, { at, quantities: { input } });

describe('the balance of prepaid credits', () => {
  let stand: Stand;
  let door: Door;
  const grant = async (creditId: string, amount: string, priority = 50) =>
    stand.tell({
      type: 'CreditGranted',
      organization: 'org_acme',
      creditId,
      amount,
      expiresAt: null,
      priority,
      note: null,
    });
  const balance = async () => {
    await stand.caughtUp();
    const { body } = await door.call(PATH);
    const { granted, used, remaining, pending, available } = body;
    return [granted, used, remaining, pending, available];
  };

  beforeAll(async () => {
    stand = await Stand.open();
    await stand.publish();
    await stand.register();
    await stand.register('org_other');
    door = await openDoor(stand);
  });
  afterAll(async () => {
    await door.close();
    await stand.close();
  });

  it('is nothing, then what was granted, less what this month will take', async () => {
    expect(await balance()).toEqual(['0.00', '0.00', '0.00', '0.00', '0.00']);
    await grant('crd_first', '7.00', 1);
    await grant('crd_second', '5.00');
    await stand.meter([use('a', 1_000_001)]);
    expect(await balance()).toEqual(['12.00', '0.00', '12.00', '5.00', '7.00']);
  });

  it('names the invoices that credits paid, and what the next month will take', async () => {
    await stand.bill(NOVEMBER);
    expect(await balance()).toEqual(['12.00', '5.00', '7.00', '0.00', '7.00']);
    await stand.meter([use('b', 600_000, DECEMBER.from)]);
    expect(await balance()).toEqual(['12.00', '5.00', '7.00', '3.00', '4.00']);
    const { status, body } = await door.call(PATH);
    expect([status, body]).toMatchObject([
      200,
      {
        organization: 'org_acme',
        currency: 'USD',
        expired: '0.00',
        credits: [
          {
            id: 'crd_first',
            priority: 1,
            state: 'active',
            amount: '7.00',
            used: '5.00',
            remaining: '2.00',
            pending: '2.00',
            expires_at: null,
            granted_at: '2026-11-16T12:00:00Z',
            invoices: [{ number: 'MB-2026-000001', amount: '5.00' }],
          },
          { id: 'crd_second', used: '0.00', remaining: '5.00', pending: '1.00', invoices: [] },
        ],
        as_of: { positions: expect.anything() },
      },
    ]);
  });

  it('is shown to its own organization alone', async () => {
    const [own, other] = [await stand.key('org_acme'), await stand.key('org_other')];
    await stand.caughtUp();
    const statuses = [own, other, ''].map(async (key) => (await door.call(PATH, { key })).status);
    expect(await Promise.all(statuses)).toEqual([200, 404, 401]);
    const nobody = await door.call(PATH.replace('acme', 'nobody'));
    expect([nobody.status, nobody.body.code]).toEqual([404, 'unknown_organization']);
  });
});
