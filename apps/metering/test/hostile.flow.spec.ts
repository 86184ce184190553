import { rows } from '#libs/database/database.js';
import { USAGE_METERED, USAGE_RECORDED } from '#libs/events/topics.js';
import { Halts } from '#libs/projection/halts.js';
import { correcting, Stand, usage, voiding, withoutPublishing } from './stand.js';

const AT = { projection: 'metering.usage', topic: USAGE_RECORDED, partition: 0 };
const BY = { by: 'key_ops', note: null };

/** A UUIDv7 made at this epoch ms. */
function idMadeAt(at: number, tail = '0123456789ab'): string {
  const digits = at.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7abc-8def-${tail}`;
}

describe('metering under ill-treatment', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await Stand.open();
  });
  afterEach(async () => stand.close());

  async function until(question: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 250; tries += 1) {
      if (await question()) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    throw new Error(`not so after 5 s: ${question.toString()}`);
  }

  async function halted(projection = 'metering.usage'): Promise<string[]> {
    const sql =
      'SELECT halt_reason FROM stream_offset WHERE projection = $1 AND halt_reason IS NOT NULL';
    const found = await rows<{ halt_reason: string }>(stand.source, sql, [projection]);
    return found.map(({ halt_reason }) => halt_reason);
  }

  it.each([
    ['a century ahead', Date.UTC(2126, 0, 1)],
    ['in the year 10000', 253_402_300_800_000],
    ['in the last day that 48 bits have', 0xffff_ffff_0000],
    ['in the last millisecond that 48 bits have', 0xffff_ffff_ffff],
  ])('parks an event whose id was made %s, and makes no table for it', async (_, at) => {
    await stand.append(0, usage('before'), usage(idMadeAt(at)), usage('after'));
    await stand.start();
    await stand.drained();
    expect(await stand.totals()).toEqual([2, 20, 2]);
    expect((await stand.rejected()).map(({ reason }) => reason)).toEqual(['in_the_future']);
    const [tables] = await rows<{ count: number }>(
      stand.source,
      `SELECT count(*)::int FROM pg_inherits WHERE inhparent = 'identity'::regclass`,
    );
    expect(tables?.count).toBe(1);
  });

  it('keeps poison whose names hold what Postgres cannot', async () => {
    await stand.append(
      0,
      JSON.stringify({ ...usage('a\0b'), source: 'x\0', subject: 'org_a\0' }),
      JSON.stringify({ ...usage('c'), data: { model: 'm', tokens: {}, 'un\0known': 1 } }),
      JSON.stringify({ ...usage('d'), 'ext\0': 1 }),
    );
    await stand.start();
    await stand.drained();
    const kept = async (): Promise<number> =>
      (await rows(stand.source, 'SELECT 1 FROM rejected_usage')).length;
    await until(async () => (await kept()) === 3 || (await halted('metering.rejected')).length > 0);
    expect(await halted('metering.rejected')).toEqual([]);
    expect(await kept()).toBe(3);
  });

  it('parks a void of what the log no longer has, and goes on', async () => {
    await stand.append(0, usage('a'), usage('b'));
    await stand.start();
    await stand.drained();
    stand.log.truncateBefore(USAGE_RECORDED, 0, 1);
    await stand.append(0, voiding('v', 'a'), usage('c'));
    await stand.drained();
    expect(await stand.totals()).toEqual([3, 30, 3]);
    expect((await stand.rejected()).map(({ reason }) => reason)).toEqual(['unknown_original']);
  });

  it('goes on behind a gap that an operator accepted, and leaves no hole for its readers', async () => {
    await stand.append(0, usage('a'));
    await stand.start();
    await stand.drained();
    await stand.stop();
    await stand.append(0, usage('lost-1'), usage('lost-2'), usage('b'));
    stand.log.truncateBefore(USAGE_RECORDED, 0, 3);
    await stand.start();
    await until(async () => (await halted()).length > 0);
    expect(await halted()).toEqual(['log_gap']);
    const halts = new Halts(stand.source, stand.log, Date.now);
    await halts.acceptGap(AT, { from: 1, to: 2 }, BY);
    await stand.drained();
    expect(await stand.totals()).toEqual([2, 20, 2]);
    const ranges = (await stand.metered(0)).map(({ from, to, events }) => [
      from,
      to,
      events.length,
    ]);
    expect(ranges).toEqual([
      [0, 1, 1],
      [1, 3, 0],
      [3, 4, 1],
    ]);
  });

  it('halts when more was published than its database knows, and counts on once that is accepted', async () => {
    await stand.append(0, usage('a'), usage('b'), usage('c'));
    await stand.start();
    await stand.drained();
    await stand.stop();
    // A backup from before the last commit.
    await stand.source.query(
      `UPDATE stream_offset SET next_offset = 1, last_digest = NULL, applied = 1
       WHERE projection = 'metering.usage' AND partition = 0`,
    );
    await stand.source.query('DELETE FROM identity WHERE "offset" >= 1');
    await stand.source.query('UPDATE usage_hour SET requests = 1, input = 10, output = 1');
    await stand.start();
    await until(async () => (await halted()).length > 0);
    const halts = new Halts(stand.source, stand.log, Date.now);
    await halts.acceptGap(AT, { from: 1, to: 0 }, BY);
    await until(async () => (await stand.totals())[0] === 3);
    await stand.append(0, usage('d'));
    await stand.drained();
    expect(await stand.totals()).toEqual([4, 40, 4]);
    expect((await stand.metered(0)).map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [1, 3],
      [3, 4],
    ]);
  });

  it('does not publish a range again without the events whose identities were dropped', async () => {
    await stand.append(0, usage('a'), usage('b'));
    await stand.start();
    await stand.drained();
    await stand.stop();
    await stand.source.query('DELETE FROM identity');
    stand.log.truncateBefore(USAGE_METERED, 0, 1);
    await stand.start();
    await until(async () => (await halted()).length > 0);
    expect(await stand.metered(0).catch(() => 'nothing')).toEqual('nothing');
  });

  it('shows what it parked to who asks for the position of it', async () => {
    await stand.append(0, usage('a'), usage('a', { input: 11 }), 'not json');
    await stand.start();
    await stand.drained();
    const sql = 'SELECT reason FROM rejected_usage ORDER BY origin_offset';
    expect(await rows(stand.source, sql)).toEqual([
      { reason: 'conflict' },
      { reason: 'invalid_json' },
    ]);
  });

  it('derives again byte for byte what it would have published', async () => {
    const events = [
      usage('a', { output: 2, reasoning: 9, input: 1 }),
      correcting('c1', 'a', { reasoning: 1, output: 3, cached_input: 7, input: 2 }),
      correcting('c2', 'a', { video_input: 1, input: 5 }),
      voiding('v', 'a'),
    ];
    await stand.append(0, ...events);
    await stand.start(withoutPublishing(stand.log));
    await until(async () => (await stand.counters())[0] === 4);
    await stand.stop();
    await stand.start();
    await stand.drained();
    const twin = await Stand.open();
    await twin.append(0, ...events);
    await twin.start();
    await twin.drained();
    const bytes = async (of: Stand): Promise<string[]> =>
      (await of.log.read(USAGE_METERED, 0, 0)).map(({ value }) => value.toString());
    expect(await bytes(stand)).toEqual(await bytes(twin));
    await twin.close();
  });

  it('keeps end users apart by the hour, and other names whatever they hold', async () => {
    const named = (id: string, data: object) =>
      usage(id, { input: 1 }, { data: { model: 'm', tokens: { input: 1 }, ...data } });
    await stand.append(
      0,
      named('a', { user: 'u1' }),
      named('b', { user: 'u2' }),
      named('c', { user: 'u1' }),
      named('d', { project: 'say "hi", {you}', api_key: 'back\\slash', adapter: 'NULL' }),
    );
    await stand.start();
    await stand.drained();
    const sql = `SELECT end_user, project, api_key, adapter, requests::int AS requests FROM usage_hour
      ORDER BY end_user COLLATE "C"`;
    expect(await rows(stand.source, sql)).toEqual([
      {
        end_user: '',
        project: 'say "hi", {you}',
        api_key: 'back\\slash',
        adapter: 'NULL',
        requests: 1,
      },
      { end_user: 'u1', project: '', api_key: '', adapter: '', requests: 2 },
      { end_user: 'u2', project: '', api_key: '', adapter: '', requests: 1 },
    ]);
  });
});
