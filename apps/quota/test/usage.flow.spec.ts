import type { LimitName } from '#libs/events/account-facts.js';
import { formatExact } from '#libs/money/money.js';
import { rows } from '#libs/database/database.js';
import { USAGE_METERED } from '#libs/events/topics.js';
import { metered } from '#libs/usage/test/metered.js';
import { NOON, Stand } from './stand.js';

const MONTH = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };

/** `count` events a second apart, the last one at noon. */
function events(count: number, tokens: number, prefix = 'e') {
  return Array.from({ length: count }, (_, index) =>
    metered(`${prefix}-${index}`, {
      at: NOON - (count - 1 - index) * 1_000,
      quantities: { input: tokens, cached_input: 512 },
    }),
  );
}

describe('metered usage', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await Stand.open();
  });
  afterEach(async () => stand.close());

  const spent = async (organization = 'org_acme') => {
    const found = await stand.reader().spend(organization, MONTH);
    return found && formatExact(found.spend.rated.spentFemto);
  };
  const limit = async (name: LimitName, organization = 'org_acme') => {
    const found = await stand.reader().limits(organization, 'llama');
    return found?.models[0]?.limits.find((one) => one.name === name);
  };

  it('becomes spend and takes from the limits, cached input from none', async () => {
    await stand.publish();
    await stand.register('org_acme', 'developer');
    await stand.start();
    await stand.meter(events(3, 600));
    await stand.caughtUp();
    // 1800 input at 5 and 1536 cached at 2.5 USD per million.
    expect(await spent()).toBe('0.01284');
    // 1000 tokens a second flow back: only the last second's 600 are still used.
    expect(await limit('tokens_per_minute')).toMatchObject({
      limit: 60_000,
      view: { used: 600n, remaining: 59_400n, fullInNs: 600_000_000n },
    });
    expect(await limit('requests_per_minute')).toMatchObject({ view: { used: 1n } });
  });

  it('costs a free organization nothing and shows what it would have cost', async () => {
    await stand.publish();
    await stand.register();
    await stand.start();
    await stand.meter([metered('a', { at: NOON, quantities: { input: 6_500 } })]);
    await stand.caughtUp();
    const found = await stand.reader().spend('org_acme', MONTH);
    expect(found?.spend.rated).toMatchObject({ spentFemto: 0n, listFemto: 32_500_000_000_000n });
    expect((await limit('tokens_per_minute'))?.view).toEqual({
      used: 6_500n,
      remaining: 0n,
      fullInNs: 65_000_000_000n,
    });
  });

  it('counts once when batches come again, in whole or in part', async () => {
    await stand.publish();
    await stand.register('org_acme', 'developer');
    await stand.start();
    const first = await stand.meter(events(5, 100, 'first'));
    const second = await stand.meter(events(5, 100, 'second'));
    await stand.caughtUp();
    const once = await stand.state();
    for (const value of [first, second, first]) await stand.again(value);
    await stand.caughtUp();
    expect(await stand.state()).toEqual(once);
    const [row] = await rows<{ applied: string; duplicates: string }>(
      stand.source,
      `SELECT applied, duplicates FROM stream_offset
       WHERE projection = 'quota.usage' AND partition = 0`,
    );
    expect(row).toEqual({ applied: '10', duplicates: '15' });
  });

  it('goes on after a restart where it stopped', async () => {
    await stand.publish();
    await stand.register('org_acme', 'developer');
    const before = await stand.start();
    await stand.meter(events(4, 100, 'before'));
    await stand.caughtUp();
    await before.close();
    await stand.meter(events(4, 100, 'after'));
    await stand.start();
    await stand.caughtUp();
    expect(await spent()).toBe('0.01424');
  });

  it('comes to the same rows however the log is cut into batches', async () => {
    const all = events(40, 333);
    const states: unknown[] = [];
    for (const size of [1, 7, 40]) {
      const other = await Stand.open();
      await other.publish();
      await other.register('org_acme', 'developer');
      await other.start();
      for (let at = 0; at < all.length; at += size) {
        await other.meter(all.slice(at, at + size));
        // Each of these in a transaction of its own; the single ones as they come.
        if (size > 1) await other.caughtUp();
      }
      await other.caughtUp();
      states.push(await other.state());
      await other.close();
    }
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });

  it('waits for accounts and catalog that are in the log already', async () => {
    await stand.meter(events(2, 100));
    await stand.register('org_acme', 'developer');
    await stand.publish();
    await stand.start();
    await stand.caughtUp();
    expect((await limit('tokens_per_minute'))?.view?.used).toBe(100n);
    expect(await spent()).toBe('0.00356');
  });

  it('of one organization on two partitions loses nothing', async () => {
    await stand.publish();
    await stand.register('org_acme', 'developer');
    await stand.start();
    await Promise.all(
      Array.from({ length: 20 }, async (_, batch) =>
        stand.meter([metered(`${batch}`, { at: NOON, quantities: { input: 10 } })], batch % 2),
      ),
    );
    await stand.caughtUp();
    expect((await limit('tokens_per_minute'))?.view?.used).toBe(200n);
    expect((await limit('requests_per_minute'))?.view?.used).toBe(20n);
  });

  it('is given back by a void', async () => {
    await stand.publish();
    await stand.register('org_acme', 'developer');
    await stand.start();
    const usage = { at: NOON, quantities: { input: 900 } };
    await stand.meter([metered('a', usage)]);
    await stand.meter([metered('void-a', { at: NOON, quantities: { input: -900 }, requests: -1 })]);
    await stand.caughtUp();
    expect(await spent()).toBe('0');
    expect((await limit('tokens_per_minute'))?.view?.used).toBe(0n);
  });

  it('of an organization or model that nobody knows is kept, unpriced, and breaks nothing', async () => {
    await stand.publish();
    await stand.register('org_acme', 'developer');
    await stand.start();
    await stand.meter([
      metered('a', { at: NOON }, { organization: 'org_ghost' }),
      metered('b', { at: NOON, model: 'mystery' }),
    ]);
    await stand.caughtUp();
    const found = await stand.reader().spend('org_acme', MONTH);
    expect(found?.spend.rated.unpriced).toEqual([
      expect.objectContaining({ model: 'mystery', units: 10n, events: 1n }),
    ]);
    await stand.register('org_ghost', 'developer');
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    expect(await spent('org_ghost')).toBe('0.00005');
  });

  it.each([
    ['a hole in the chain', { version: 1, partition: 0, from: 5, to: 6, events: [] }, 'chain_hole'],
    [
      'another partition’s batch',
      { version: 1, partition: 1, from: 0, to: 0, events: [] },
      'wrong_partition',
    ],
    ['what is no batch', { hello: 'world' }, 'undecodable_batch'],
  ])('halts on %s', async (_, value, reason) => {
    await stand.publish();
    await stand.register();
    const server = await stand.start();
    await stand.log.append(USAGE_METERED, 0, [
      { key: null, value: Buffer.from(JSON.stringify(value)) },
    ]);
    const end = Date.now() + 5_000;
    const halted = async () =>
      rows<{ halt_reason: string }>(
        stand.source,
        'SELECT halt_reason FROM stream_offset WHERE halt_reason IS NOT NULL',
      );
    while ((await halted()).length === 0 && Date.now() < end)
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    expect(await halted()).toEqual([{ halt_reason: reason }]);
    expect(server.reasonsNotReady().join()).toContain('halted');
  });
});
