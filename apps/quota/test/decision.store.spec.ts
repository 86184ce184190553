import { AdmissionStore } from '../store/admission.store.js';
import { DecisionStore } from '../store/decision.store.js';
import { ReservationStand } from './reservation-stand.js';

const DAY = 86_400_000;

describe('decisions', () => {
  let quota: ReservationStand;
  let decisions: DecisionStore;

  beforeAll(async () => {
    quota = await ReservationStand.open();
    decisions = new DecisionStore(quota.stand.source);
    await quota.stand.register('org_acme', 'developer');
    await quota.known();
  });
  afterAll(async () => {
    await quota.close();
  });

  it('are found by their id, admitted ones as they were asked for at first', async () => {
    const { body } = await quota.reserve({ input_tokens: 1_000 });
    await quota.call('POST', `/v1/reservations/${body.id}/extend`, { max_output_tokens: 500 });
    const found = await decisions.find(body.decision_id as string);
    expect(found).toMatchObject({
      id: body.decision_id,
      outcome: 'admitted',
      request: { inputTokens: 1_000n, maxOutputTokens: 100n },
      reservation: body.id,
    });
    expect(found?.windows.map(({ name }) => name)).toEqual([
      'requests_per_minute',
      'tokens_per_minute',
    ]);
    expect(found && (await decisions.contributors(found))).toEqual([]);
    expect(await decisions.find('dec_unknown')).toBeUndefined();
  });

  it('to refuse name what filled the bucket, the largest first', async () => {
    const released = await quota.reserve({ input_tokens: 700 });
    await quota.call('DELETE', `/v1/reservations/${released.body.id}`);
    await quota.use(null, { quantities: { input: 2_000, cached_input: 9_000 } });
    await quota.use(null, { quantities: { input: 900 }, serviceTier: 'batch' });
    const refused = await quota.reserve({ input_tokens: 4_000 });
    const id = refused.headers.get('meterbook-decision-id') ?? '';
    const found = await decisions.find(id);
    expect(found).toMatchObject({ outcome: 'refused', held: null, reservation: null });
    const named = found ? await decisions.contributors(found) : [];
    expect(named.map(({ tokens, at, ...who }) => [Object.keys(who)[0], tokens, at])).toEqual([
      ['event', 2_000n, quota.stand.now],
      ['reservation', 1_500n, quota.stand.now],
    ]);
    expect(named[0]?.event).toMatch(/^node-1 event-\d+$/);
  });

  it('are forgotten when they explain nothing any more; what is held is not', async () => {
    const store = quota.apps[0]?.get(AdmissionStore) as AdmissionStore;
    const { body } = await quota.reserve({ input_tokens: 0, max_output_tokens: 0 });
    const rowsOf = async (table: string): Promise<number> => {
      const [row] = await quota.stand.source.query(`SELECT count(*)::int AS n FROM ${table}`);
      return row.n as number;
    };
    expect(await store.forget(quota.stand.now + DAY + 1)).toBe(1);
    expect(await rowsOf('decision')).toBe(1);
    await store.forget(quota.stand.now + 37 * DAY);
    expect([await rowsOf('decision'), await rowsOf('recent_use')]).toEqual([0, 0]);
    expect((await quota.call('GET', `/v1/reservations/${body.id}`)).status).toBe(200);
  });
});
