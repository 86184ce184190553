// Two instances of quota decide for the same organizations from pages in memory: what one writes, the other never overlooks.
import { AdmissionStore } from '../store/admission.store.js';
import { ReservationStand } from './reservation-stand.js';

describe('two instances with pages in memory', () => {
  let quota: ReservationStand;
  beforeAll(async () => {
    quota = await ReservationStand.open(2);
  });
  afterAll(async () => quota.close());

  async function organizationOf(name: string, tier = 'developer'): Promise<string> {
    await quota.stand.register(name, tier);
    await quota.known();
    return name;
  }

  it('by turns › count what the other admitted', async () => {
    const organization = await organizationOf('org_turns');
    for (const instance of [0, 1, 0, 1, 1, 0]) await quota.reserve({ organization }, { instance });
    expect(await quota.used('llama', 'tokens_per_minute', organization)).toBe(1_200);
    // Six of 200 are held and 24 more fit in 6000.
    const more = await Promise.all(
      Array.from({ length: 30 }, async (_, n) =>
        quota.reserve({ organization }, { instance: n % 2 }),
      ),
    );
    expect(more.filter(({ status }) => status === 201)).toHaveLength(24);
    expect((await quota.spend(organization)).held_exact).toBe('0.045');
  });

  it('at once › lose nothing and admit no more than fits', async () => {
    const organization = await organizationOf('org_at-once', 'open');
    const calls = Array.from({ length: 120 }, async (_, n) =>
      quota.reserve({ organization, project: n % 3 === 0 ? 'chat' : null }, { instance: n % 2 }),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.every((status) => status === 201)).toBe(true);
    expect((await quota.spend(organization)).held_exact).toBe('0.18');
  });

  it('with the same request at once › make one reservation of it', async () => {
    const organization = await organizationOf('org_same');
    const asked = { organization, request_id: 'the-same' };
    const calls = Array.from({ length: 10 }, async (_, n) =>
      quota.reserve(asked, { instance: n % 2 }),
    );
    const replies = await Promise.all(calls);
    expect(new Set(replies.map(({ body }) => body.id as string)).size).toBe(1);
    expect(replies.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
  });

  it('see a report, a release and an expiry by the other', async () => {
    const organization = await organizationOf('org_ends');
    const first = await quota.reserve({ organization }, { instance: 0 });
    const path = `/v1/reservations/${first.body.id}`;
    await quota.call('POST', `${path}/extend`, { tokens: { input: 90 } }, { instance: 1 });
    const below = await quota.call('POST', `${path}/extend`, { tokens: { input: 80 } });
    expect([below.status, below.body.code]).toEqual([409, 'below_reported']);
    const other = await quota.reserve({ organization }, { instance: 1 });
    await quota.call('DELETE', `/v1/reservations/${other.body.id}`, undefined, { instance: 0 });
    expect(await quota.used('llama', 'tokens_per_minute', organization)).toBe(200);
    quota.stand.now += 601_000;
    await quota.apps[1]?.get(AdmissionStore).expireSome(quota.stand.now);
    const full = await quota.reserve({ organization, input_tokens: 5_900 }, { instance: 0 });
    expect(full.status).toBe(201);
  });

  it('decide by new terms from the moment they are known', async () => {
    const organization = await organizationOf('org_terms', 'free');
    for (const instance of [0, 1]) await quota.reserve({ organization }, { instance });
    const { now } = quota.stand;
    await quota.stand.tell({ type: 'TierChanged', organization, tier: 'open', effectiveFrom: now });
    await quota.known();
    for (const instance of [0, 1]) {
      const reply = await quota.reserve({ organization, input_tokens: 50_000 }, { instance });
      expect(reply.status).toBe(201);
    }
  });
});
