// Usage that is folded and not yet taken into standings: whatever happens meanwhile, it counts once.
import { metered } from '#libs/usage/test/metered.js';
import { AdmissionStore } from '../store/admission.store.js';
import { ReservationStand } from './reservation-stand.js';

const SECOND = 1_000;
const LAST_OF_NOVEMBER = Date.UTC(2026, 11, 1) - 10 * SECOND;

describe('usage that waits for its standing', () => {
  let quota: ReservationStand;
  let takers: (() => Promise<void>)[];
  let count = 0;

  beforeAll(async () => {
    quota = await ReservationStand.open(2);
    takers = quota.apps.map((app) => {
      const { inbox } = app.get(AdmissionStore);
      const takeIn = inbox.takeInPartition.bind(inbox);
      // The projection's own is held up: what is folded waits until a spec says otherwise.
      inbox.takeInPartition = async (): Promise<void> => Promise.resolve();
      return async () => takeIn(0);
    });
  });
  afterAll(async () => quota.close());

  async function waits(): Promise<number> {
    const [row] = await quota.stand.source.query('SELECT count(*)::int AS n FROM usage_inbox');
    return row.n as number;
  }

  /** Two holds of 200 tokens; an event settles the first to 15, another one uses 1000 without a reservation. Both wait. */
  async function used(organization: string, project: string | null = null): Promise<void> {
    await quota.stand.register(organization, 'developer');
    await settled();
    const part = { organization, project, ttl_seconds: 3_600 };
    const first = await quota.reserve(part);
    await quota.reserve(part);
    const of = (reservation: string | null, quantities: Record<string, number>) => {
      count += 1;
      const delta = { at: quota.stand.now, quantities, project };
      return { ...metered(`waiting-${count}`, delta, { organization }), reservation };
    };
    const before = await waits();
    await quota.stand.meter([
      of(first.body.id as string, { input: 10, output: 5 }),
      of(null, { input: 1_000 }),
    ]);
    while ((await waits()) === before) await pause();
  }

  /** Facts are known, and nothing waits. */
  async function settled(): Promise<void> {
    for (const takeIn of takers) await takeIn();
    await quota.known();
  }

  const pause = async (): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, 10);
    });

  async function told(organization: string) {
    const { spent_exact, held_exact } = await quota.spend(organization);
    return [spent_exact, held_exact, await quota.used('llama', 'tokens_per_minute', organization)];
  }

  async function kept(organization: string) {
    const [row] = await quota.stand.source.query(
      `SELECT spent / 1e15 AS spent, held / 1e15 AS held FROM admission
       WHERE organization = $1 AND project = ''`,
      [organization],
    );
    return [Number(row.spent), Number(row.held)];
  }

  it('is told as if it were taken in already', async () => {
    await used('org_told');
    // 10 × 5 + 5 × 10 + 1000 × 5 of a million; one of 0.0015 is held; 15 + 1000 + 200 tokens.
    expect(await told('org_told')).toEqual(['0.0051', '0.0015', 1_215]);
    expect(await kept('org_told')).toEqual([0, 0.003]);
    await settled();
    expect(await told('org_told')).toEqual(['0.0051', '0.0015', 1_215]);
    expect(await kept('org_told')).toEqual([0.0051, 0.0015]);
  });

  it.each<[string, (organization: string) => Promise<unknown>]>([
    ['a check comes', async () => Promise.resolve()],
    [
      'the fold gets another life',
      async () =>
        quota.stand.source.query(`UPDATE fold_generation SET generation = 'a' || generation`),
    ],
    [
      'terms change',
      async (organization) => {
        const limit = { project: null, amount: '5', mode: 'hard' as const, alerts: [] };
        const effectiveFrom = quota.stand.now;
        await quota.stand.tell({ type: 'SpendLimitSet', organization, ...limit, effectiveFrom });
        await known(organization, 'SpendLimitSet');
      },
    ],
  ])('counts once when %s', async (name, change) => {
    for (const project of [null, 'chat']) {
      const organization = `org_${name.replaceAll(' ', '-')}-${project}`;
      await used(organization, project);
      await change(organization);
      for (const instance of [0, 1]) {
        const more = { organization, project, input_tokens: 0, max_output_tokens: 0 };
        expect((await quota.reserve(more, { instance })).status).toBe(201);
      }
      expect(await told(organization)).toEqual(['0.0051', '0.0015', 1_215]);
      await settled();
      expect(await told(organization)).toEqual(['0.0051', '0.0015', 1_215]);
      expect(await kept(organization)).toEqual([0.0051, 0.0015]);
      expect(await waits()).toBe(0);
    }
  });

  async function known(organization: string, type: string): Promise<void> {
    const limits = `SELECT state->'spendLimits' AS found FROM account WHERE id = $1`;
    expect(type).toBe('SpendLimitSet');
    for (;;) {
      const [row] = await quota.stand.source.query(limits, [organization]);
      if (row.found.length > 0) return;
      await pause();
    }
  }

  it('of the month before is not spent in this one', async () => {
    const { now } = quota.stand;
    quota.stand.now = LAST_OF_NOVEMBER;
    await used('org_month');
    quota.stand.now += 20 * SECOND;
    expect((await quota.reserve({ organization: 'org_month', ttl_seconds: 60 })).status).toBe(201);
    await settled();
    expect(await kept('org_month')).toEqual([0, 0.003]);
    expect((await quota.spend('org_month')).held_exact).toBe('0.003');
    quota.stand.now = now;
  });

  it('is taken in once by two instances at once, beside checks', async () => {
    const organization = 'org_both';
    await quota.stand.register(organization, 'open');
    await settled();
    const holds = await Promise.all(
      Array.from({ length: 60 }, async (_, n) =>
        quota.reserve({ organization }, { instance: n % 2 }),
      ),
    );
    const events = holds.map(({ body }, n) => {
      const delta = { at: quota.stand.now, quantities: { input: 10 } };
      return { ...metered(`both-${n}`, delta, { organization }), reservation: body.id as string };
    });
    for (const event of events) await quota.stand.meter([event]);
    while ((await waits()) === 0) await pause();
    const checks = Array.from({ length: 20 }, async (_, n) =>
      quota.reserve({ organization, input_tokens: 200 }, { instance: n % 2 }),
    );
    await Promise.all([...takers.map(async (takeIn) => takeIn()), ...checks]);
    await settled();
    expect(await kept(organization)).toEqual([0.003, 0.04]);
  });

  it('of an organization that nobody asked about leaves nothing behind, and is counted from the first check on', async () => {
    const organization = 'org_unasked';
    await quota.stand.register(organization, 'developer');
    await settled();
    const delta = { at: quota.stand.now, quantities: { input: 1_000 } };
    await quota.stand.meter([metered('unasked', delta, { organization })]);
    while ((await waits()) === 0) await pause();
    const first = await quota.reserve({ organization });
    expect(first.headers.get('x-ratelimit-remaining-tokens')).toBe('4800');
    await settled();
    expect(await kept(organization)).toEqual([0.005, 0.0015]);
    await quota.stand.register('org_never', 'developer');
    await quota.known();
    await quota.stand.meter([metered('never', delta, { organization: 'org_never' })]);
    while ((await waits()) === 0) await pause();
    await settled();
    expect(await kept('org_never')).toEqual([0, 0]);
    expect((await quota.spend('org_never')).spent_exact).toBe('0.005');
  });
});
