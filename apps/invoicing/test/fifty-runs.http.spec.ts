import { metered } from '#libs/usage/test/metered.js';
import { type Door, openDoor } from './door.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, Stand, until } from './stand.js';

const ORGANIZATIONS = ['org_a', 'org_b', 'org_c', 'org_mystery'];

describe('fifty billing runs of one month at once, on two instances', () => {
  let stand: Stand;
  let doors: Door[];
  beforeAll(async () => {
    stand = await Stand.open();
    doors = [await openDoor(stand), await openDoor(stand)];
    await stand.publish();
    for (const organization of ORGANIZATIONS) await stand.register(organization);
    await stand.meter(
      ORGANIZATIONS.map((organization) =>
        metered(
          organization,
          { at: NOON, ...(organization === 'org_mystery' && { model: 'mystery' }) },
          { organization },
        ),
      ),
    );
    await stand.caughtUp();
    stand.now = CLOSABLE;
  });
  afterAll(async () => {
    await Promise.all(doors.map(async (door) => door.close()));
    await stand.close();
  });

  it('make one document each, and every run says what became of everyone', async () => {
    const door = (n: number): Door => doors[n % 2] as Door;
    const asked = await Promise.all(
      Array.from({ length: 50 }, async (_, n) =>
        door(n).call('/v1/billing-runs', { method: 'POST', body: '{"period":"2026-11"}' }),
      ),
    );
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([202]));
    const seen = async () =>
      Promise.all(
        asked.map(async ({ body }, n) => (await door(n).call(`/v1/billing-runs/${body.id}`)).body),
      );
    await until(async () => (await seen()).every(({ state }) => state === 'done'), 60_000);
    const runs = await seen();
    for (const run of runs) {
      expect(run.progress).toEqual({ done: 4, total: 4 });
      expect([run.issued + run.already_issued, run.empty, run.parked]).toEqual([3, 0, []]);
      expect(run.blocked).toMatchObject([{ organization: 'org_mystery', reason: 'suspense' }]);
    }
    expect(runs.reduce((sum, { issued }) => sum + issued, 0)).toBe(3);
    const documents = await stand.documents();
    expect(documents.map(({ organization, number }) => [organization, number])).toEqual([
      ['org_a', 'MB-2026-000001'],
      ['org_b', 'MB-2026-000002'],
      ['org_c', 'MB-2026-000003'],
    ]);
  }, 90_000);
});
