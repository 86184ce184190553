import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor, verifications } from './door.js';
import { CATALOG_TEXT, NOON } from './log-writer.js';
import { DECEMBER, NOVEMBER, Stand, until } from './stand.js';
import { told } from './told.js';

const DAY = 86_400_000;
const JANUARY = { from: DECEMBER.to, to: Date.UTC(2027, 1, 1) };
/** A million tokens are 5.00 USD. */
const use = (id: string, input: number, at = NOON) => metered(id, { at, quantities: { input } });

describe('fees and true-ups of closed months', () => {
  let stand: Stand;
  let door: Door;
  const linesOf = async (index: number) =>
    ((await stand.documents())[index]?.lines ?? []).map((line) => [
      line.kind,
      line.pool,
      line.description,
      line.amount_exact,
      line.adjusts?.number ?? null,
    ]);
  const verified = async () =>
    (await verifications(door, stand)).map((one) => [one.equal, one.bytes_equal]);
  const open = async (text: string, tier: string) => {
    await stand.publish(text);
    await stand.register('org_acme', tier, NOVEMBER.from);
    door = await openDoor(stand);
  };

  beforeEach(async () => {
    stand = await Stand.open();
  });
  afterEach(async () => {
    await door.close();
    await stand.close();
  });

  it('late usage gives back what a minimum had been topped up by', async () => {
    const text = CATALOG_TEXT.replace(
      'usage: metered, features: [] }\n  team',
      'usage: metered, features: [], minimum_commitment: "10" }\n  team',
    );
    await open(text, 'developer');
    await stand.meter([use('a', 1_000_000)]);
    await stand.bill();
    expect(await linesOf(0)).toMatchObject([
      ['usage', 'input', expect.anything(), '5', null],
      ['commitment', null, expect.anything(), '5', null],
    ]);
    await stand.meter([use('late', 600_000), use('b', 2_000_000, DECEMBER.from)]);
    await stand.bill(DECEMBER);
    expect(await linesOf(1)).toMatchObject([
      ['usage', 'input', expect.anything(), '10', null],
      ['adjustment', 'input', expect.anything(), '3', 'MB-2026-000001'],
      ['adjustment', null, 'Late change of the minimum commitment', '-3', 'MB-2026-000001'],
    ]);
    // What was booked is not booked again; the minimum of January is its own.
    await stand.bill(JANUARY);
    expect(await linesOf(2)).toMatchObject([['commitment', null, expect.anything(), '10', null]]);
    expect(await verified()).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
  });

  it('a plan that was changed for a closed month is charged for it on the next invoice', async () => {
    await open(CATALOG_TEXT, 'developer');
    await stand.meter([use('a', 1_000_000)]);
    await stand.bill();
    expect(await linesOf(0)).toHaveLength(1);
    // Half of November: what an operator puts right in the log itself.
    await stand.tell({
      type: 'TierChanged',
      organization: 'org_acme',
      tier: 'team',
      effectiveFrom: NOVEMBER.from + 15 * DAY,
    });
    await stand.bill(DECEMBER);
    expect(await linesOf(1)).toMatchObject([
      ['fee', null, 'Monthly fee, team', '20', null],
      ['adjustment', null, 'Late change of the monthly fee', '10', 'MB-2026-000001'],
    ]);
    const [, december] = await stand.documents();
    expect(december?.lines[1]).toMatchObject({
      adjusts: { period: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' } },
      from: '2026-11-01T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
      quantity: null,
    });
    const number = december?.number as string;
    await until(async () => (await told(stand, number)).length === 2);
    const types = (await told(stand, number)).map(({ type }) => type);
    expect(types).toEqual(['invoice.issued', 'adjustment.booked']);
    await stand.bill(JANUARY);
    expect(await linesOf(2)).toMatchObject([['fee', null, 'Monthly fee, team', '20', null]]);
    expect(await verified()).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
    const voided = await door.call('/v1/invoices/MB-2026-000001/void', {
      method: 'POST',
      body: JSON.stringify({ reason: 'twice' }),
    });
    expect([voided.status, voided.body.code]).toEqual([409, 'has_adjustments']);
    const events = await door.call(`/v1/invoices/${december?.number}/lines/2/events`);
    expect([events.status, events.body.code]).toEqual([409, 'not_a_usage_line']);
  });

  it('a month that was closed with nothing is not billed again when a later invoice adjusts it', async () => {
    await open(CATALOG_TEXT, 'developer');
    await stand.bill();
    expect(await stand.documents()).toEqual([]);
    const since = { tier: 'team', effectiveFrom: NOVEMBER.from + 15 * DAY };
    await stand.tell({ type: 'TierChanged', organization: 'org_acme', ...since });
    await stand.bill(DECEMBER);
    expect(await linesOf(0)).toMatchObject([
      ['fee', null, 'Monthly fee, team', '20', null],
      ['adjustment', null, 'Late change of the monthly fee', '10', null],
    ]);
    await stand.bill(NOVEMBER);
    expect(await stand.documents()).toHaveLength(1);
    const upcoming = '/v1/organizations/org_acme/upcoming-invoice?period=2026-11';
    const { status, body } = await door.call(upcoming);
    expect([status, body.code]).toEqual([409, 'billed_later']);
    expect(await verified()).toEqual([[true, true]]);
  });
});
