import { rows } from '#libs/database/database.js';
import { compactSequences, dropOldDays } from '../store/maintenance.js';
import { IdentityStore } from '../store/identity.store.js';
import { correcting, NOON, Stand, usage, voiding, withoutPublishing } from './stand.js';

describe('metering', () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await Stand.open();
  });

  afterEach(async () => {
    await stand.close();
  });

  it('counts each identity once, in a slice, across slices and across partitions', async () => {
    await stand.append(0, usage('a'), usage('b'), usage('a'));
    await stand.append(1, usage('c'), usage('b'));
    await stand.start();
    await stand.drained();
    await stand.append(1, usage('a'), usage('d'));
    await stand.drained();
    expect(await stand.totals()).toEqual([4, 40, 4]);
    expect(await stand.counters()).toEqual([4, 3, 0]);
    expect((await stand.meteredEvents()).map(({ id }) => id).toSorted()).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it('parks a conflict and poison with their positions, and no neighbour is lost', async () => {
    await stand.append(
      0,
      usage('a'),
      'not json',
      usage('a', { input: 11 }),
      usage('b'),
      usage('c', { input: -1 }),
    );
    await stand.start();
    await stand.drained();
    expect(await stand.totals()).toEqual([2, 20, 2]);
    expect(await stand.counters()).toEqual([2, 0, 3]);
    const position = (offset: number): object => ({
      topic: 'usage.recorded',
      partition: 0,
      offset,
    });
    const rejected = (await stand.rejected()).toSorted(
      (left, right) => (left.position?.offset ?? 0) - (right.position?.offset ?? 0),
    );
    expect(rejected).toEqual([
      expect.objectContaining({ reason: 'invalid_json', position: position(1), winner: null }),
      expect.objectContaining({
        reason: 'conflict',
        position: position(2),
        winner: position(0),
        id: 'a',
      }),
      expect.objectContaining({
        reason: 'invalid_quantity',
        position: position(4),
        pointer: '/data/tokens/input',
      }),
    ]);
  });

  it('keeps what was parked, once, for the operator', async () => {
    await stand.append(0, 'not json');
    await stand.start();
    await stand.drained();
    const count = async (): Promise<unknown> =>
      rows(stand.source, 'SELECT reason, origin_offset::int AS o FROM rejected_usage');
    for (let tries = 0; tries < 200 && JSON.stringify(await count()) === '[]'; tries += 1)
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    expect(await count()).toEqual([{ reason: 'invalid_json', o: 0 }]);
  });

  it('covers every raw offset in order, also where nothing counted', async () => {
    await stand.append(0, usage('a'));
    await stand.start();
    await stand.drained();
    await stand.append(0, usage('a'), usage('a'));
    await stand.drained();
    const ranges = (await stand.metered(0)).map(({ from, to, events }) => [
      from,
      to,
      events.length,
    ]);
    expect(ranges).toEqual([
      [0, 1, 1],
      [1, 3, 0],
    ]);
  });

  it('voids and corrects at the hour of the original, whatever came before', async () => {
    await stand.append(0, usage('a'), usage('b'), usage('c'));
    await stand.start();
    await stand.drained();
    await stand.append(
      0,
      voiding('v1', 'a'),
      correcting('c1', 'b', { input: 4 }),
      correcting('c2', 'c', { input: 7 }),
    );
    await stand.drained();
    expect(await stand.totals()).toEqual([2, 11, 0]);
    await stand.append(
      0,
      voiding('v2', 'a'),
      voiding('v3', 'b'),
      correcting('c3', 'c', { input: 8, output: 2 }),
    );
    await stand.drained();
    expect(await stand.totals()).toEqual([1, 8, 2]);
    const hours = await rows<{ hour: Date }>(stand.source, 'SELECT DISTINCT hour FROM usage_hour');
    expect(hours.map(({ hour }) => hour.toISOString())).toEqual(['2026-11-16T11:00:00.000Z']);
    const left = (await stand.meteredEvents())
      .flatMap(({ deltas }) => deltas)
      .reduce((sum, delta) => sum + (delta.quantities.input ?? 0), 0);
    expect(left).toBe(8);
  });

  it('corrects what stands in the same slice and in another partition', async () => {
    await stand.append(0, usage('a'), voiding('v1', 'a'), voiding('v2', 'a'));
    await stand.append(1, usage('b'));
    await stand.start();
    await stand.drained();
    await stand.append(0, correcting('c1', 'b', { output: 5 }));
    await stand.drained();
    expect(await stand.totals()).toEqual([1, 0, 5]);
  });

  it('parks a correction of something unknown, and takes it when the original has come', async () => {
    await stand.append(0, voiding('v1', 'a'));
    await stand.start();
    await stand.drained();
    expect((await stand.rejected()).map(({ reason }) => reason)).toEqual(['unknown_original']);
    await stand.append(0, usage('a'), voiding('v1', 'a'));
    await stand.drained();
    expect(await stand.totals()).toEqual([0, 0, 0]);
    expect(await stand.counters()).toEqual([2, 0, 1]);
  });

  it('publishes after a crash what was committed and not yet published, the same', async () => {
    const events = [
      usage('a'),
      'not json',
      usage('b'),
      usage('a'),
      voiding('v', 'b'),
      correcting('c', 'a', { input: 3 }),
    ];
    await stand.append(0, ...events);
    await stand.start(withoutPublishing(stand.log));
    for (let tries = 0; tries < 200 && (await stand.counters())[0] !== 4; tries += 1)
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    await stand.stop();
    expect(await stand.metered(0)).toEqual([]);
    await stand.start();
    await stand.drained();
    const [batch, ...more] = await stand.metered(0);
    expect(more).toEqual([]);
    expect(batch).toMatchObject({ from: 0, to: 6 });
    const twin = await Stand.open();
    await twin.append(0, ...events);
    await twin.start();
    await twin.drained();
    expect([batch]).toEqual(await twin.metered(0));
    await twin.close();
    expect(await stand.totals()).toEqual([1, 3, 0]);
  });

  it('joins the sequence numbers of a source', async () => {
    const numbered = Array.from({ length: 40 }, (_, index) =>
      usage(`s${index}`, { input: 1 }, { sequence: String(index + 1).padStart(20, '0') }),
    );
    await stand.start();
    for (const [index, event] of numbered.entries())
      if (index !== 20) await stand.append(index % 2, event);
    await stand.drained();
    await compactSequences(stand.source);
    const seen = await rows<{ seen: string; at: Date }>(
      stand.source,
      'SELECT range_agg(seen)::text AS seen, max(at) AS at FROM sequence_seen',
    );
    // Heard of when the log took it, whenever it is folded.
    expect(seen).toEqual([{ seen: '{[1,21),[22,41)}', at: new Date(NOON) }]);
  });

  it('drops the days of ids that are past the window, and only those', async () => {
    const identities = new IdentityStore(stand.source);
    const days = [40, 38, 37, 36, 0].map((ago) => Date.UTC(2026, 10, 16) - ago * 86_400_000);
    await identities.ensureDays(days);
    await Promise.all([
      identities.ensureDays(days),
      new IdentityStore(stand.source).ensureDays(days),
    ]);
    expect(await dropOldDays({ identities, clock: () => NOON }, false)).toEqual([]);
    expect(await dropOldDays({ identities, clock: () => NOON }, true)).toEqual(days.slice(0, 2));
    expect(await identities.days()).toEqual(days.slice(2));
  });

  it('keeps time-ordered ids in the partition of their day', async () => {
    const made = Date.UTC(2026, 10, 15, 9).toString(16).padStart(12, '0');
    const id = `${made.slice(0, 8)}-${made.slice(8)}-7abc-8def-0123456789ab`;
    await stand.append(0, usage(id), usage('plain'));
    await stand.start();
    await stand.drained();
    const sql = 'SELECT tableoid::regclass::text AS name FROM identity ORDER BY key';
    expect(await rows(stand.source, sql)).toEqual([
      { name: 'identity_d20261115' },
      { name: 'identity_unordered' },
    ]);
  });
});
