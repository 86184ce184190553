import { CATALOG, ReservationStand } from './reservation-stand.js';

const DAY = 86_400_000;
const FEE = CATALOG.replace('prepaid: { usage', 'prepaid: { monthly_fee: "1", usage');

describe('prepaid credit over months', () => {
  let quota: ReservationStand;
  beforeAll(async () => {
    quota = await ReservationStand.open(1, FEE);
  });
  afterAll(async () => quota.close());

  // As invoices have it: apps/invoicing/test/credit-months.flow.spec.ts says the same of the same months.
  it('is what the invoices of months before leave of it, less the fee of this one', async () => {
    const { stand } = quota;
    await stand.register('org_acme', 'prepaid');
    await stand.tell({
      type: 'CreditGranted',
      organization: 'org_acme',
      creditId: 'crd_1',
      amount: '5.00',
      expiresAt: null,
      priority: 50,
      note: null,
    });
    await quota.use(null, { quantities: { input: 201_000 } });
    stand.now += 30 * DAY;
    // November is 1.005 and a fee of 1: 2.005, or 2.00, so that 3.00 are left, of which December's fee is 1.00.
    expect((await quota.reserve({ input_tokens: 400_000, max_output_tokens: 1 })).status).toBe(400);
    const { status, body } = await quota.reserve({ input_tokens: 300_000, max_output_tokens: 1 });
    expect([status, body.held?.spend_exact]).toEqual([201, '1.50001']);
    expect((await quota.spend()).credit_exact).toBe('2');
  });
});
