import { metered } from '#libs/usage/test/metered.js';
import { CATALOG_TEXT, NOON } from './log-writer.js';
import { CLOSABLE, Stand } from './stand.js';

const PREPAID = CATALOG_TEXT.replace(
  'team: { monthly_fee: "20", usage: metered, features: []',
  'prepaid: { monthly_fee: "1", usage: metered, features: [prepaid]',
);

describe('prepaid credit over months', () => {
  // As the limiter has it: apps/quota/test/prepaid-months.flow.spec.ts says the same of the same months.
  it('pays the usage and the fee of a month, rounded as its invoice is', async () => {
    const stand = await Stand.open();
    await stand.publish(PREPAID);
    await stand.register('org_acme', 'prepaid');
    const granted = {
      creditId: 'crd_1',
      amount: '5.00',
      expiresAt: null,
      priority: 50,
      note: null,
    };
    await stand.tell({ type: 'CreditGranted', organization: 'org_acme', ...granted });
    await stand.start();
    await stand.meter([metered('a', { at: NOON, quantities: { input: 201_000 } })]);
    await stand.caughtUp();
    stand.now = CLOSABLE;
    await stand.ask();
    await stand.reactor().advanceAll();
    const [november] = await stand.documents();
    expect(november).toMatchObject({
      subtotal_exact: '2.005',
      subtotal: '2.00',
      credits_applied: '2.00',
      credits: [{ credit: 'crd_1', amount: '2.00', left: '3.00' }],
      amount_due: '0.00',
    });
    await stand.close();
  });
});
