import { formatExact, parseMoney } from '#libs/money/money.js';
import { rows } from '#libs/database/database.js';
import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor, verifications } from './door.js';
import { NOON } from './log-writer.js';
import { DECEMBER, NOVEMBER, Stand } from './stand.js';

const VAT = { name: 'VAT', percent: '19', jurisdiction: 'DE', behavior: 'exclusive' } as const;
/** A million tokens are 5.00 USD. */
const use = (id: string, input: number, at = NOON) => metered(id, { at, quantities: { input } });

describe('taxes and prepaid credits', () => {
  let stand: Stand;
  let door: Door;
  const tax = async (percent: string, effectiveFrom: number) =>
    stand.tell({
      type: 'TaxSet',
      organization: 'org_acme',
      rates: [{ ...VAT, percent, exemption: null }],
      effectiveFrom,
    });
  const grant = async (creditId: string, amount: string, expiresAt: number | null = null) =>
    stand.tell({
      type: 'CreditGranted',
      organization: 'org_acme',
      creditId,
      amount,
      expiresAt,
      priority: 50,
      note: null,
    });
  const sums = async () =>
    (await stand.documents()).map((one) => [
      one.subtotal,
      one.taxes.map(({ taxable, amount }) => [taxable, amount]),
      one.credits_applied,
      one.total,
      one.amount_due,
    ]);
  const verified = async () =>
    (await verifications(door, stand)).map((one) => [one.equal, one.bytes_equal]);

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

  it('are on each invoice as of the end of its month, and are verified from the log', async () => {
    await tax('16', NOVEMBER.from);
    await tax('19', DECEMBER.from);
    await grant('crd_promo', '3.00', DECEMBER.from);
    await grant('crd_bought', '4.00');
    await stand.meter([use('a', 1_000_000)]);
    await stand.bill();
    await stand.meter([use('late', 200_000), use('b', 2_000_000, DECEMBER.from)]);
    await stand.bill(DECEMBER);
    expect(await sums()).toEqual([
      ['5.00', [['0.00', '0.00']], '5.00', '5.00', '0.00'],
      // 2.00 of 11.00 are paid from what is left of the credit; 1.00 is November's, at its rate.
      [
        '11.00',
        [
          ['8.18', '1.55'],
          ['0.82', '0.13'],
        ],
        '2.00',
        '12.68',
        '10.68',
      ],
    ]);
    expect(await verified()).toEqual([
      [true, true],
      [true, true],
    ]);
    const [first, second] = await stand.documents();
    expect([first?.credits, second?.credits]).toMatchObject([
      [
        { credit: 'crd_promo', amount: '3.00', left: '0.00', expires_at: '2026-12-01T00:00:00Z' },
        { credit: 'crd_bought', amount: '2.00', left: '2.00', expires_at: null },
      ],
      [{ credit: 'crd_bought', amount: '2.00', left: '0.00' }],
    ]);
  });

  it('are given back when an invoice is void, and taken again by the next', async () => {
    await grant('crd_bought', '7.00');
    await stand.meter([use('a', 1_000_000)]);
    await stand.bill();
    const reason = JSON.stringify({ reason: 'wrong address' });
    const path = '/v1/invoices/MB-2026-000001/void';
    expect((await door.call(path, { method: 'POST', body: reason })).status).toBe(201);
    await stand.bill();
    expect((await sums())[1]).toEqual(['5.00', [], '5.00', '5.00', '0.00']);
    expect((await stand.documents())[1]?.credits).toMatchObject([{ left: '2.00' }]);
    expect(await verified()).toEqual([
      [true, true],
      [true, true],
    ]);
    const burns = await rows(stand.source, 'SELECT invoice, amount_minor FROM credit_burn');
    expect(burns).toHaveLength(2);
    await expect(stand.source.query('DELETE FROM credit_burn')).rejects.toThrow('never changes');
  });

  it('are rows of their own in the FOCUS export, which sums to what is due', async () => {
    await tax('19', NOVEMBER.from);
    await grant('crd_bought', '1.50');
    await stand.meter([use('a', 333_333)]);
    await stand.bill();
    const { text } = await door.call('/v1/exports/focus?period=2026-11');
    const [header = '', ...records] = text.trim().split('\r\n');
    const column = (name: string): number => header.split(',').indexOf(name);
    const costs = records.map((record) => record.split(','));
    const categories = costs.map((cells) => cells[column('ChargeCategory')]);
    expect(categories).toEqual(expect.arrayContaining(['Usage', 'Tax', 'Credit']));
    const sum = costs.reduce(
      (all, cells) => all + parseMoney(cells[column('BilledCost')] ?? ''),
      0n,
    );
    // 1.67 less 1.50 is 0.17, and 19 % of it.
    expect((await sums())[0]).toEqual(['1.67', [['0.17', '0.03']], '1.50', '1.70', '0.20']);
    expect(formatExact(sum)).toBe('0.2');
  });
});
