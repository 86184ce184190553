import { decodeFact } from '#libs/events/account-facts.js';
import { ACCOUNTS } from '#libs/events/topics.js';
import { CATALOG_TEXT, ControlPlaneStand, faults } from './control-plane-stand.js';

const VAT = { name: 'VAT', percent: '19', jurisdiction: 'DE' };
const SHOWN = { ...VAT, behavior: 'exclusive', exemption: null };

describe('taxes of an organization', () => {
  let stand: ControlPlaneStand;
  let path: string;

  beforeAll(async () => {
    stand = await ControlPlaneStand.start();
    await stand.publish(CATALOG_TEXT);
    path = await stand.registered();
  });
  afterAll(async () => stand.stop());

  it('are none, then those that were set, and the same again are no new fact', async () => {
    expect((await stand.ask('GET', path)).body).toMatchObject({ tax: { rates: [] }, taxes: [] });
    const body = { rates: [VAT], effective_from: '2026-11-01T00:00:00Z' };
    const first = await stand.ask('PUT', `${path}/tax`, body);
    expect([first.status, first.body]).toMatchObject([
      200,
      { rates: [SHOWN], effective_from: '2026-11-01T00:00:00Z', organization: 'org_acme' },
    ]);
    const facts = await stand.facts();
    const again = await stand.ask('PUT', `${path}/tax`, body);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await stand.facts()).toBe(facts);
    expect((await stand.ask('GET', path)).body).toMatchObject({
      tax: { rates: [SHOWN] },
      taxes: [{ rates: [SHOWN], effective_from: '2026-11-01T00:00:00Z' }],
    });
    const last = (await stand.log.read(ACCOUNTS, 0, 0)).at(-1);
    expect(decodeFact(last?.value as Buffer).fact).toMatchObject({
      type: 'TaxSet',
      rates: [SHOWN],
      effectiveFrom: Date.UTC(2026, 10, 1),
    });
  });

  it('say why a rate is not charged', async () => {
    const exemption = { kind: 'reverse_charge', reason: 'Article 196 of Directive 2006/112/EC' };
    const answer = await stand.ask('PUT', `${path}/tax`, { rates: [{ ...VAT, exemption }] });
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { rates: [{ ...SHOWN, exemption }], effective_from: '2026-11-24T09:30:00Z' },
    ]);
  });

  it.each([
    // body                                                          status  faults
    [{}, 400, ['/rates missing_field']],
    [{ rates: [{ percent: '19', jurisdiction: 'DE' }] }, 400, ['/rates/0/name missing_field']],
    [{ rates: [{ ...VAT, percent: 19 }] }, 400, ['/rates/0/percent invalid_value']],
    [{ rates: [{ ...VAT, percent: '101' }] }, 422, ['/rates/0/percent invalid_percent']],
    [{ rates: [VAT, VAT] }, 422, ['/rates/1 repeated_rate']],
    [{ rates: [{ ...VAT, behavior: 'hidden' }] }, 400, ['/rates/0/behavior invalid_value']],
    [
      { rates: [{ ...VAT, exemption: { kind: 'exempt' } }] },
      400,
      ['/rates/0/exemption/reason missing_field'],
    ],
    [{ rates: [{ ...VAT, code: 'S' }] }, 400, ['/rates/0/code unknown_field']],
    [{ rates: [], effective_from: 'now' }, 400, ['/effective_from invalid_value']],
  ])('refuse %j with %s', async (body, status, expected) => {
    const answer = await stand.ask('PUT', `${path}/tax`, body);
    expect([answer.status, faults(answer)]).toEqual([status, expected]);
  });

  it('of an unknown organization are 404', async () => {
    const answer = await stand.ask('PUT', '/v1/organizations/org_nobody/tax', { rates: [] });
    expect([answer.status, answer.body['code']]).toEqual([404, 'unknown_organization']);
  });
});
