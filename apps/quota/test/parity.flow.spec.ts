// The spend that the limiter keeps, event by event, is the month rated anew: under random traffic, corrections, new prices and tiers.
import type { MeteredEvent } from '#libs/events/metered-batch.js';
import { rateMonth } from '#libs/rating/rate-month.js';
import { monthOf } from '#libs/time/month.js';
import { metered } from '#libs/usage/test/metered.js';
import { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { AdmissionStore } from '../store/admission.store.js';
import { CATALOG, ReservationStand } from './reservation-stand.js';

const HOUR = 3_600_000;
const SEEDS = [1, 7, 42];

/** Small and repeatable (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe('spend of the limiter and of the invoice', () => {
  let quota: ReservationStand;

  beforeAll(async () => {
    quota = await ReservationStand.open();
  });
  afterAll(async () => {
    await quota.close();
  });

  async function kept(organization: string): Promise<[spent: bigint, held: bigint]> {
    const [row] = await quota.stand.source.query(
      `SELECT spent, held FROM admission WHERE organization = $1 AND project = ''`,
      [organization],
    );
    return [BigInt(row.spent), BigInt(row.held)];
  }

  async function rated(organization: string): Promise<bigint> {
    const period = monthOf(quota.stand.now);
    const hours = new UsageHourStore(quota.stand.source);
    const known = quota.apps[0]?.get(AdmissionStore).stores.terms.remembered(organization);
    if (!known) throw new Error(`nothing is known of ${organization}`);
    return rateMonth({ terms: known, period, rows: await hours.rowsOf(organization, period) })
      .spentFemto;
  }

  it.each(SEEDS)(
    'are the same number at each step of random traffic %i',
    async (seed) => {
      const random = randomOf(seed);
      const organization = `org_parity-${seed}`;
      await quota.stand.register(organization, 'open');
      await quota.known();
      const reservations: string[] = [];
      const used: MeteredEvent[] = [];
      let count = 0;
      const event = (reservation: string | null): MeteredEvent => {
        count += 1;
        const quantities = { input: random(500), cached_input: random(500), output: random(200) };
        const at = quota.stand.now - random(3) * HOUR;
        const serviceTier = random(4) === 0 ? ('batch' as const) : ('on_demand' as const);
        const project = random(2) === 0 ? null : 'chat';
        const part = { at, quantities, serviceTier, project };
        return { ...metered(`${seed}-${count}`, part, { organization }), reservation };
      };
      const correction = (original: MeteredEvent): MeteredEvent => {
        count += 1;
        const [delta] = original.deltas;
        if (!delta) throw new Error('an event without its delta');
        const negative = Object.fromEntries(
          Object.entries(delta.quantities).map(([name, units]) => [name, -units]),
        );
        const taken = metered(
          `${seed}-${count}`,
          { ...delta, requests: -1, quantities: negative },
          { organization },
        );
        return { ...taken, kind: 'voided' };
      };
      for (let step = 0; step < 40; step += 1) {
        const what = random(10);
        if (what < 4) {
          const { body } = await quota.reserve({ organization, project: 'chat' });
          reservations.push(body.id as string);
        } else if (what < 8) {
          const batch = Array.from({ length: 1 + random(4) }, () =>
            event(reservations.shift() ?? null),
          );
          const voided =
            used.length > 3 && random(2) === 0 ? used.splice(0, 1).map(correction) : [];
          used.push(...batch.filter(({ reservation }) => reservation === null));
          await quota.stand.meter([...batch, ...voided]);
          await quota.stand.caughtUp();
        } else if (what === 8) {
          const version = `v-${seed}-${step}`;
          const from = new Date(Math.ceil(quota.stand.now / HOUR) * HOUR + HOUR).toISOString();
          await quota.stand.publish(
            CATALOG.replace('2026-11-a', version)
              .replace('2026-11-01T00:00:00Z', from)
              .replace('input: "5"', `input: "${1 + random(9)}"`),
          );
          quota.stand.now += 2 * HOUR;
        } else {
          const tier = ['free', 'open', 'developer'][random(3)] as string;
          await quota.stand.tell({
            type: 'TierChanged',
            organization,
            tier,
            effectiveFrom: Math.ceil(quota.stand.now / HOUR) * HOUR + HOUR,
          });
          quota.stand.now += 2 * HOUR;
        }
        await quota.known();
        // A check looks at terms and month as they are now, and keeps what it found.
        await quota.reserve({ organization, request_id: `look-${step}`, ttl_seconds: 1 });
        const [spent] = await kept(organization);
        expect([step, spent]).toEqual([step, await rated(organization)]);
      }
      quota.stand.now += 24 * HOUR;
      await quota.apps[0]?.get(AdmissionStore).expireSome(quota.stand.now);
      expect((await kept(organization))[1]).toBe(0n);
    },
    60_000,
  );

  it('and what is left of each limit outlive a rebuild of the fold, holds included', async () => {
    const organization = 'org_rebuilt';
    await quota.stand.register(organization, 'developer');
    await quota.known();
    const first = await quota.reserve({ organization });
    await quota.reserve({ organization, project: 'chat' });
    await quota.use(first.body.id, { organization, quantities: { input: 10, output: 5 } });
    await quota.use(null, { organization, quantities: { input: 1_000 } });
    const before = [
      await quota.used('llama', 'tokens_per_minute', organization),
      await kept(organization),
    ];
    expect(before[0]).toBe(1_215);
    await quota.stand.source.query(`UPDATE fold_generation SET generation = 'after the rebuild'`);
    await quota.reserve({ organization, input_tokens: 0, max_output_tokens: 0 });
    const after = [
      await quota.used('llama', 'tokens_per_minute', organization),
      await kept(organization),
    ];
    expect(after).toEqual(before);
  });
});
