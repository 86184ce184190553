import { pino } from 'pino';
import { gate } from '#libs/events/gate.js';
import { recordedTotals } from '#libs/events/recorded-digest.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { MESSAGE_NOW } from '#libs/testing/usage-message.js';
import { MINUTE_MS } from '#libs/time/instant.js';
import { ControlTotalsStore } from '../store/control-totals.store.js';
import { ControlTotalsWriter } from '../store/control-totals-writer.js';
import { EventsStand, lines, messages } from './events-stand.js';

const PATH = '/ops/control-totals?from=2026-11-24T09:00:00Z&to=2026-11-24T10:00:00Z';

let stand: EventsStand;

beforeAll(async () => {
  stand = await EventsStand.start();
});

afterAll(async () => {
  await stand.stop();
});

async function totals(path = PATH) {
  return stand.ask(path, { headers: { authorization: `Bearer ${stand.adminKey}` } });
}

async function untilCounted(events: number) {
  for (let left = 60; left > 0; left--) {
    const answer = await totals();
    const [first] = answer.body['data'] as { events: number }[];
    if (first && first.events >= events) return answer;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return totals();
}

describe('GET /ops/control-totals', () => {
  it('gives within two seconds what the log holds: events, units and digest', async () => {
    const body = lines(...messages('a', 'b', 'c'));
    await stand.post('/v1/events', body, { 'content-type': 'application/x-ndjson' });
    const answer = await untilCounted(3);
    let units = 0n;
    let digest = [0n, 0n];
    for (const value of await stand.logged(USAGE_RECORDED)) {
      const gated = gate(Buffer.from(value), { now: MESSAGE_NOW });
      const own = 'event' in gated ? recordedTotals([gated.event]) : undefined;
      units += own?.units ?? 0n;
      digest = digest.map((half, at) => BigInt.asUintN(64, half + (own?.digest[at] ?? 0n)));
    }
    expect(answer.body).toEqual({
      data: [
        {
          minute: '2026-11-24T09:30:00Z',
          partition: expect.any(Number) as number,
          events: 3,
          units: Number(units),
          digest: digest.map((half) => half.toString(16).padStart(16, '0')).join(''),
          processes: 1,
        },
      ],
      next_cursor: null,
    });
  });

  it('sums processes, writes the same figures twice without harm, and pages by place', async () => {
    const source = stand.source;
    const minute = MESSAGE_NOW - 20 * MINUTE_MS;
    const total = { minute, events: 2n, units: 9n, digest: [2n ** 64n - 1n, 5n] as const };
    for (const instance of ['one', 'two']) {
      const store = new ControlTotalsStore(source, instance);
      await store.save([{ ...total, partition: 0 }]);
      await store.save([
        { ...total, partition: 0 },
        { ...total, partition: 1 },
      ]);
    }
    const range = '/ops/control-totals?from=2026-11-24T09:00:00Z&to=2026-11-24T09:20:00Z&limit=1';
    const first = await totals(range);
    expect(first.body['data']).toEqual([
      {
        minute: '2026-11-24T09:10:00Z',
        partition: 0,
        events: 4,
        units: 18,
        digest: 'fffffffffffffffe000000000000000a',
        processes: 2,
      },
    ]);
    const next = await totals(`${range}&cursor=${String(first.body['next_cursor'])}`);
    expect(next.body).toMatchObject({ data: [{ partition: 1 }], next_cursor: null });
  });

  it('saves what is left at the end, and makes up for a save that failed', async () => {
    let isAway = true;
    const saved: bigint[] = [];
    const store = {
      async save(changed: readonly { events: bigint }[]): Promise<void> {
        if (isAway) throw new Error('the database is away');
        saved.push(...changed.map(({ events }) => events));
      },
    } as unknown as ControlTotalsStore;
    const writer = new ControlTotalsWriter(store, () => MESSAGE_NOW, pino({ level: 'silent' }));
    const [record] = await stand.logged();
    const gated = gate(Buffer.from(record ?? ''), { now: MESSAGE_NOW });
    const events = 'event' in gated ? [gated.event] : [];
    writer.acknowledged(0, events);
    await new Promise((resolve) => {
      setTimeout(resolve, 1_200);
    });
    writer.acknowledged(0, events);
    isAway = false;
    await writer.stop();
    expect(saved).toEqual([2n]);
  });

  it('needs the scope ops', async () => {
    const authorization = `Bearer ${stand.key('usage:write', null)}`;
    expect((await stand.ask(PATH, { headers: { authorization } })).status).toBe(403);
  });
});

describe('GET /ops/projections of a service that folds nothing', () => {
  it('is the empty list, for operators', async () => {
    const asking = async (key: string) =>
      stand.ask('/ops/projections', { headers: { authorization: `Bearer ${key}` } });
    const empty = { data: [], next_cursor: null };
    expect((await asking(stand.adminKey)).body).toEqual(empty);
    expect((await asking(stand.key('usage:write', null))).status).toBe(403);
  });
});
