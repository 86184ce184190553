import { formatExact, parseMoney } from '#libs/money/money.js';
import { PROFILE } from '#libs/testing/account-profile.js';
import { metered } from '#libs/usage/test/metered.js';
import { openDoor } from './door.js';
import { CATALOG_TEXT, NOON } from './log-writer.js';
import { CLOSABLE, NOVEMBER, Stand } from './stand.js';

const RATE = { name: 'Tax', percent: '10', jurisdiction: 'X', behavior: 'exclusive' } as const;

// 5 currency units for a million tokens. Half a minor unit goes to the even one: 45.5 yen are 46, 45500.5 fils are 45500.
const CASES = [
  {
    currency: 'JPY',
    tokens: 9_100_000,
    exact: '45.5',
    credit: '2',
    sums: ['46', '44', '4', '2', '50', '48'],
    refused: '1.5',
    note: ['10', '1', '11'],
    left: '37',
  },
  {
    currency: 'KWD',
    tokens: 9_100_100,
    exact: '45.5005',
    credit: '2.005',
    sums: ['45.500', '43.495', '4.350', '2.005', '49.850', '47.845'],
    refused: '1.0005',
    note: ['10.001', '0.956', '10.957'],
    left: '36.888',
  },
  {
    currency: 'BHD',
    tokens: 9_100_300,
    exact: '45.5015',
    credit: '0.001',
    sums: ['45.502', '45.501', '4.550', '0.001', '50.052', '50.051'],
    refused: '0.0001',
    note: ['45.502', '4.550', '50.052'],
    left: '0.000',
  },
];

describe('an invoice in another currency', () => {
  it.each(CASES)('has its minor units everywhere: $currency', async (wanted) => {
    const { currency } = wanted;
    const stand = await Stand.open();
    await stand.publish(CATALOG_TEXT.replace('USD', currency));
    await stand.tell({
      type: 'OrganizationRegistered',
      organization: 'org_acme',
      profile: { ...PROFILE, tier: 'developer', currency },
      effectiveFrom: NOVEMBER.from,
    });
    const of = { organization: 'org_acme' } as const;
    const rates = [{ ...RATE, exemption: null }];
    await stand.tell({ type: 'TaxSet', ...of, rates, effectiveFrom: NOVEMBER.from });
    const credit = { creditId: 'crd_1', amount: wanted.credit, expiresAt: null };
    await stand.tell({ type: 'CreditGranted', ...of, ...credit, priority: 1, note: null });
    const door = await openDoor(stand);
    try {
      await stand.meter([metered('a', { at: NOON, quantities: { input: wanted.tokens } })]);
      await stand.caughtUp();
      stand.now = CLOSABLE;
      await stand.ask();
      await stand.reactor().advanceAll();
      const [issued] = await stand.documents();
      expect(issued).toMatchObject({ currency, subtotal_exact: wanted.exact });
      expect([
        issued?.subtotal,
        issued?.taxes[0]?.taxable,
        issued?.taxes[0]?.amount,
        issued?.credits_applied,
        issued?.total,
        issued?.amount_due,
      ]).toEqual(wanted.sums);
      const path = `/v1/invoices/${issued?.number}`;
      const post = async (route: string, body: object) =>
        door.call(`${path}/${route}`, { method: 'POST', body: JSON.stringify(body) });
      expect((await post('verify', {})).body).toMatchObject({ equal: true, bytes_equal: true });

      const paid = { paid_at: '2026-12-05T00:00:00Z', reference: 'wire' };
      const refused = [
        await post('payments', { amount: wanted.refused, ...paid }),
        await post('credit-notes', { lines: [{ line: 1, amount: wanted.refused }], reason: 'r' }),
      ];
      expect(refused.map(({ status, body }) => [status, body.errors[0].pointer])).toEqual([
        [400, '/amount'],
        [400, '/lines/0/amount'],
      ]);
      const [amount, tax, total] = wanted.note;
      const note = await post('credit-notes', { lines: [{ line: 1, amount }], reason: 'r' });
      expect(note.body).toMatchObject({ subtotal: amount, taxes: [{ amount: tax }], total });
      expect((await door.call(path)).body.amount_due).toBe(wanted.left);
      const { body: balance } = await door.call('/v1/organizations/org_acme/credit-balance');
      expect([balance.used, parseMoney(balance.remaining)]).toEqual([wanted.credit, 0n]);

      const { text } = await door.call('/v1/exports/focus?period=2026-11');
      const [header = '', ...records] = text.trim().split('\r\n');
      const column = header.split(',').indexOf('BilledCost');
      const billed = records.map((record) => parseMoney(record.split(',')[column] ?? ''));
      const sum = billed.reduce((all, one) => all + one, 0n);
      expect(formatExact(sum)).toBe(formatExact(parseMoney(issued?.amount_due ?? '')));
    } finally {
      await door.close();
      await stand.close();
    }
  });
});
