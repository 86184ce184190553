import { rows } from '#libs/database/database.js';
import { ACCOUNTS } from '#libs/events/topics.js';
import { foldFacts } from '#libs/accounts/fact-head.js';
import type { EventLog, NewRecord } from '#libs/log/event-log.js';
import { OutboxStore } from '../store/outbox.store.js';
import { ControlPlane, NOW, stopAll } from './control-plane.js';

// The acknowledgement came and the process died before it could write it down.
class CrashingOutbox extends OutboxStore {
  crashes = 0;

  override async markPublished(...given: Parameters<OutboxStore['markPublished']>): Promise<void> {
    this.crashes += 1;
    if (this.crashes === 1) throw new Error('died between append and mark');
    return super.markPublished(...given);
  }
}

describe('outbox', () => {
  let plane: ControlPlane;

  beforeEach(async () => {
    plane = await ControlPlane.start();
  });

  afterEach(stopAll);

  it('publishes facts in the order of their transactions', async () => {
    await plane.relay();
    await plane.register('org_a');
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => plane.credit('org_a', `crd_${n}`)),
    );
    const ids = await plane.untilPublished(21);
    expect(ids).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  it('says where a fact is: the offset after it', async () => {
    await plane.relay();
    const first = await plane.register('org_a');
    const second = await plane.credit('org_a', 'crd_1');
    const position = { topic: 'accounts', partition: 0 };
    expect(await plane.outbox.untilPublished(ACCOUNTS, first.factId, 5_000)).toEqual({
      ...position,
      offset: 1,
    });
    expect(await plane.outbox.untilPublished(ACCOUNTS, second.factId, 5_000)).toEqual({
      ...position,
      offset: 2,
    });
  });

  it('leaves no hole when a decision is refused', async () => {
    await plane.relay();
    await plane.register('org_a');
    await expect(plane.credit('org_z', 'crd_1')).rejects.toMatchObject({
      status: 404,
      code: 'unknown_organization',
    });
    await plane.credit('org_a', 'crd_2');
    expect(await plane.untilPublished(2)).toEqual([1, 2]);
  });

  it('appends nothing twice after a crash between append and mark', async () => {
    const outbox = new CrashingOutbox(plane.source);
    await plane.register('org_a');
    await plane.relay({ outbox });
    await plane.credit('org_a', 'crd_1');
    expect(await plane.untilPublished(2)).toEqual([1, 2]);
    expect(outbox.crashes).toBeGreaterThan(1);
    expect(await plane.outbox.untilPublished(ACCOUNTS, 1, 5_000)).toMatchObject({ offset: 1 });
  });

  it('is folded once by a reader even when the log holds facts twice', async () => {
    await plane.register('org_a');
    await plane.credit('org_a', 'crd_1');
    const reader = await ControlPlane.start();
    const [fold] = reader.folds;
    const pending = await plane.outbox.pending(plane.source.manager, ACCOUNTS, 10);
    const records = [...pending, ...pending].map(({ key, value }, offset) => ({
      offset,
      key,
      value,
      appendedAt: NOW,
    }));
    for (const slice of [records.slice(0, 3), records.slice(3), records])
      await reader.source.transaction(async (tx) => foldFacts(tx, fold as never, slice));
    expect((await reader.accounts.find('org_a'))?.credits).toHaveLength(1);
  });

  it('keeps facts while the log is away and publishes them in order when it is back', async () => {
    const relay = await plane.relay();
    await plane.register('org_a');
    await plane.untilPublished(1);
    plane.log.available(false);
    const facts = [await plane.credit('org_a', 'crd_1'), await plane.credit('org_a', 'crd_2')];
    expect(await plane.outbox.untilPublished(ACCOUNTS, 2, 200)).toBeUndefined();
    expect(relay.troubles()).toEqual([expect.stringContaining('wait in the outbox')]);
    plane.log.available(true);
    expect(await plane.untilPublished(3)).toEqual([1, 2, 3]);
    expect(facts.map(({ factId }) => factId)).toEqual([2, 3]);
    await plane.outbox.untilPublished(ACCOUNTS, 3, 5_000);
    expect(relay.troubles()).toEqual([]);
  });

  it('keeps the order with two relays, also when the leading one goes away', async () => {
    const leading = await plane.relay();
    await plane.relay();
    await plane.register('org_a');
    const writes = Array.from({ length: 30 }, async (_, n) => plane.credit('org_a', `crd_${n}`));
    await plane.untilPublished(5);
    await leading.beforeApplicationShutdown();
    await Promise.all(writes);
    expect(await plane.untilPublished(31)).toEqual(Array.from({ length: 31 }, (_, n) => n + 1));
  });

  it('goes on when the connection that holds its lock is killed', async () => {
    const relay = await plane.relay();
    await plane.register('org_a');
    await plane.untilPublished(1);
    const killed = await rows(
      plane.source,
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    expect(killed).toHaveLength(1);
    await plane.credit('org_a', 'crd_1');
    expect(await plane.untilPublished(2)).toEqual([1, 2]);
    expect(await plane.outbox.untilPublished(ACCOUNTS, 2, 5_000)).toMatchObject({ offset: 2 });
    expect(relay.troubles()).toEqual([]);
  });

  it('finds the fact that the same request made before', async () => {
    await plane.register('org_a');
    const first = await plane.credit('org_a', 'crd_1', 'request-1');
    const again = await plane.credit('org_a', 'crd_2', 'request-1');
    const other = await plane.credit('org_a', 'crd_3', 'request-2');
    expect([first.factId, again.factId, other.factId]).toEqual([2, 2, 3]);
    expect((await plane.accounts.find('org_a'))?.credits.map(({ id }) => id)).toEqual([
      'crd_1',
      'crd_3',
    ]);
  });
});

describe('a relay that takes over', () => {
  let plane: ControlPlane;

  beforeEach(async () => {
    plane = await ControlPlane.start();
    await plane.relay();
    await plane.register('org_a');
    await plane.credit('org_a', 'crd_1');
    await plane.untilPublished(2);
  });

  afterEach(stopAll);

  it('folds what only the log has into a new database, and counts on from there', async () => {
    const restored = await ControlPlane.start(plane.log);
    await restored.relay();
    expect((await restored.accounts.find('org_a'))?.credits).toHaveLength(1);
    const next = await restored.credit('org_a', 'crd_2');
    expect(next.factId).toBe(3);
    expect(await restored.outbox.untilPublished(ACCOUNTS, 3, 5_000)).toMatchObject({ offset: 3 });
    expect(await restored.outbox.untilPublished(ACCOUNTS, 1, 0)).toMatchObject({ offset: 1 });
  });

  it('appends nothing to a log that lost what was published', async () => {
    await plane.stopRelays();
    const empty = await ControlPlane.start();
    const relay = await plane.relay({ log: empty.log });
    await plane.credit('org_a', 'crd_2');
    expect(relay.troubles()).toEqual([
      expect.stringContaining('ends at fact 0 in the log, but fact 2 was published'),
    ]);
    expect(await empty.published()).toEqual([]);
  });

  it('appends nothing when the log holds another fact under an id', async () => {
    const other = await ControlPlane.start();
    await other.register('org_b');
    const foreign: EventLog = plane.log;
    const relay = await other.relay({ log: foreign });
    expect(relay.troubles()).toEqual([expect.stringContaining('another fact 1')]);
    expect(await plane.published()).toEqual([1, 2]);
  });

  it('is not misled by an older fact that arrived late', async () => {
    const records = await plane.log.read(ACCOUNTS, 0, 0);
    const late: NewRecord[] = [{ key: 'org_a', value: records[0]?.value ?? Buffer.alloc(0) }];
    await plane.log.append(ACCOUNTS, 0, late);
    const relay = await plane.relay();
    await plane.credit('org_a', 'crd_2');
    expect(await plane.untilPublished(4)).toEqual([1, 2, 1, 3]);
    expect(relay.troubles()).toEqual([]);
  });

  it('does not guess at a record that is no fact', async () => {
    const other = await ControlPlane.start();
    await other.log.append(ACCOUNTS, 0, [{ key: null, value: Buffer.from('?') }]);
    const relay = await other.relay();
    await other.register('org_a');
    expect(relay.troubles()).not.toEqual([]);
    expect(await other.log.read(ACCOUNTS, 0, 0)).toHaveLength(1);
  });
});
