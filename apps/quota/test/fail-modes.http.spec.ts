import type { DataSource } from 'typeorm';
import { openDatabase } from '#libs/database/database.js';
import { ExpiryReactor } from '../consumers/expiry.reactor.js';
import { ReservationStand } from './reservation-stand.js';

// A lease of 1.5 thousandths of a dollar is for one request of 100 and 100 tokens; 10 % of 6000 tokens a minute are 600.
const FAIL_OPEN = 'developer:10:0.003,open:10:0.003';

describe('quota without its database', () => {
  let quota: ReservationStand;
  let outside: DataSource;
  let name: string;

  beforeAll(async () => {
    quota = await ReservationStand.open(1, undefined, { failOpen: FAIL_OPEN });
    for (const [id, tier] of [
      ['org_leased', 'developer'],
      ['org_limited', 'open'],
      ['org_closed', 'free'],
      ['org_cold', 'developer'],
    ] as const)
      await quota.stand.register(id, tier);
    await quota.stand.tell({
      type: 'SpendLimitSet',
      organization: 'org_limited',
      project: null,
      amount: '5',
      mode: 'hard',
      alerts: [],
      effectiveFrom: quota.stand.now,
    });
    await quota.known();
    for (const organization of ['org_leased', 'org_limited', 'org_closed'])
      await quota.reserve({ organization, input_tokens: 1, max_output_tokens: 1 });
    const url = new URL((quota.stand.source.options as { url: string }).url);
    name = url.pathname.slice(1);
    url.pathname = '/postgres';
    outside = await openDatabase({ url: url.href, name: 'outside', poolSize: 1 });
  });
  afterAll(async () => {
    await connections(true);
    await outside.destroy();
    await quota.close();
  });

  async function connections(allowed: boolean): Promise<void> {
    await outside.query(`ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS ${allowed}`);
    if (!allowed)
      await outside.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
        [name],
      );
  }

  async function metric(line: string): Promise<number> {
    const text = await quota.metrics();
    const found = text.split('\n').find((one) => one.startsWith(line));
    return Number(found?.split(' ').at(-1) ?? 0);
  }

  it('admits within the lease where a tier is open, and nobody else', async () => {
    await connections(false);
    const asked = { organization: 'org_leased', request_id: 'leased-1' };
    const first = await quota.reserve(asked);
    expect([first.status, first.body.state]).toEqual([201, 'held']);
    const again = await quota.reserve(asked);
    expect(again.body.id).toBe(first.body.id);
    const second = await quota.reserve({ organization: 'org_leased' });
    expect(second.status).toBe(201);
    // The money of the lease is used up.
    const third = await quota.reserve({ organization: 'org_leased' });
    expect(third.status).toBe(503);
    expect(third.headers.get('retry-after')).not.toBeNull();
    const statuses: number[] = [];
    for (const organization of ['org_limited', 'org_closed', 'org_cold'])
      statuses.push((await quota.reserve({ organization })).status);
    expect(statuses).toEqual([503, 503, 503]);
    expect(await metric('meterbook_quota_decisions_total{outcome="admitted",mode="lease"')).toBe(3);
    expect(await metric('meterbook_quota_failed_closed_total')).toBeGreaterThanOrEqual(4);
  });

  it('writes down what it leased when the database is back, and settles it like any other', async () => {
    await connections(true);
    const reactor = quota.apps[0]?.get(ExpiryReactor) as ExpiryReactor;
    const end = Date.now() + 10_000;
    let found = await quota.call('GET', '/v1/reservations/none');
    let leased;
    while (Date.now() < end) {
      await reactor.sweep().catch(() => undefined);
      found = await quota.call('GET', '/v1/organizations/org_leased/spend');
      leased = found.body?.held_exact;
      if (leased === '0.003015') break;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
    expect(leased).toBe('0.003015');
    expect(await quota.used('llama', 'tokens_per_minute', 'org_leased')).toBe(402);
    const same = await quota.reserve({ organization: 'org_leased', request_id: 'leased-1' });
    expect([same.status, same.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    await quota.use(same.body.id, { organization: 'org_leased', quantities: { input: 10 } });
    const { body } = await quota.call('GET', `/v1/reservations/${same.body.id}`);
    expect(body.state).toBe('settled');
  });

  it('loses the holds of an instance that dies before, and no usage', async () => {
    const dying = await quota.start();
    const asked = { organization: 'org_leased', request_id: 'leased-2' };
    await quota.reserve({ organization: 'org_leased' }, { instance: dying });
    const before = await quota.used('llama', 'tokens_per_minute', 'org_leased');
    await connections(false);
    const leased = await quota.reserve(asked, { instance: dying });
    expect(leased.status).toBe(201);
    await quota.apps[dying]?.close();
    await connections(true);
    await answersAgain();
    expect((await quota.call('GET', `/v1/reservations/${leased.body.id}`)).status).toBe(404);
    await quota.use(leased.body.id, { organization: 'org_leased', quantities: { input: 70 } });
    expect(await quota.used('llama', 'tokens_per_minute', 'org_leased')).toBe(before + 70);
  });

  async function answersAgain(): Promise<void> {
    const end = Date.now() + 10_000;
    while (Date.now() < end) {
      const { status } = await quota.call('GET', '/v1/organizations/org_leased/spend');
      if (status === 200) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }
});
