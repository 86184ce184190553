import type { DataSource } from 'typeorm';
import { addDigests, eventDigest, NO_DIGEST } from '../../events/digest.js';
import type { MeteredEvent } from '../../events/metered-batch.js';
import { freshDatabase } from '../../testing/postgres.js';
import { UsageHourStore } from '../usage-hour-store.js';
import { AddUsageContext1760000001200, CreateUsageHours1760000000005 } from '../usage-tables.js';
import { metered } from './metered.js';

const HOUR = Date.UTC(2026, 10, 24, 9);
const DAY = { from: Date.UTC(2026, 10, 24), to: Date.UTC(2026, 10, 25) };

describe('usage hour store', () => {
  let source: DataSource;
  let store: UsageHourStore;
  const add = async (events: readonly MeteredEvent[]) =>
    source.transaction(async (tx) => store.add(tx, events));

  beforeAll(async () => {
    source = await freshDatabase([CreateUsageHours1760000000005, AddUsageContext1760000001200]);
    store = new UsageHourStore(source);
  });
  beforeEach(async () => {
    await source.query('TRUNCATE usage_hour');
  });
  afterAll(async () => source.destroy());

  it('adds batch after batch to the same rows, exactly, whatever the cut', async () => {
    const big = 2 ** 53 - 1;
    const events = ['a', 'b', 'c', 'd'].map((id) =>
      metered(id, { at: HOUR, quantities: { input: big, output: 1 }, project: `p-${id}` }),
    );
    await add(events.slice(0, 1));
    const counts = await add(events.slice(1));
    const rows = await store.rowsOf('org_acme', DAY);
    expect(rows.map((row) => [row.hour, row.quantity, row.units, row.events])).toEqual([
      [HOUR, 'input', 4n * BigInt(big), 4n],
      [HOUR, 'output', 4n, 4n],
      [HOUR, 'requests', 4n, 4n],
    ]);
    expect(counts).toMatchObject({ applied: 3, duplicates: 0, quarantined: 0 });
    const totals = await store.totalsOf('org_acme', DAY);
    expect(
      totals.map((total) => [total.digestA, total.digestB] as const).reduce(addDigests, NO_DIGEST),
    ).toEqual(events.map(eventDigest).reduce(addDigests, NO_DIGEST));
  });

  it('keeps projects, adapters and service tiers apart and names what is unset null', async () => {
    await add([
      metered('a', { at: HOUR, project: 'chat', adapter: 'mine' }),
      metered('b', { at: HOUR, serviceTier: 'batch' }),
    ]);
    const rows = await store.rowsByProject('org_acme', DAY);
    expect(
      rows
        .filter((row) => row.quantity === 'input')
        .map((row) => [row.serviceTier, row.adapter, row.project]),
    ).toEqual([
      ['batch', null, null],
      ['on_demand', 'mine', 'chat'],
    ]);
  });

  it('keeps requests apart by the length of their input, and takes one off where it was put on', async () => {
    const long = { input: 150_000, cached_input: 50_001 };
    const off = { input: -150_000, cached_input: -50_001 };
    await add([
      metered('a', { at: HOUR }),
      metered('b', { at: HOUR, quantities: long }),
      metered('c', { at: HOUR, quantities: { ...long, output: 1 } }),
      metered('void', { at: HOUR, quantities: off, requests: -1 }),
    ]);
    const rows = await store.rowsOf('org_acme', DAY);
    const inputs = rows.filter(({ quantity }) => quantity === 'input');
    expect(inputs.map((row) => [row.context, row.units])).toEqual([
      [0, 10n],
      [200_000, 150_000n],
    ]);
  });

  it('answers for half-open ranges', async () => {
    await add([
      metered('a', { at: DAY.from }),
      metered('b', { at: DAY.to }, { organization: 'org_b' }),
      metered('c', { at: DAY.to - 1 }, { organization: 'org_c' }),
    ]);
    expect(await store.organizationsIn(DAY)).toEqual(['org_acme', 'org_c']);
    expect(await store.modelsOf('org_acme', DAY)).toEqual(['llama']);
    expect(await store.modelsOf('org_b', DAY)).toEqual([]);
    expect(await store.rowsOf('org_b', DAY)).toEqual([]);
  });

  it('answers for many organizations as for each alone', async () => {
    const of = (organization: string) => ({ organization });
    await add([
      metered('a', { at: HOUR }),
      metered('b', { at: HOUR, project: 'p' }),
      metered('c', { at: HOUR, quantities: { output: 3 } }, of('org_b')),
      metered('d', { at: DAY.to }, of('org_c')),
      metered('e', { at: HOUR }, of('org_other')),
    ]);
    const many = await store.rowsOfMany(['org_acme', 'org_b', 'org_c', 'org_none'], DAY);
    expect([...many.keys()]).toEqual(['org_acme', 'org_b']);
    for (const [id, rows] of many) expect(rows).toEqual(await store.rowsOf(id, DAY));
  });

  it('writes nothing for a batch that counts nothing', async () => {
    expect(await add([])).toMatchObject({ applied: 0, digestA: 0n, digestB: 0n });
    expect(await store.organizationsIn(DAY)).toEqual([]);
  });

  it('loses nothing when partitions write the same rows at once', async () => {
    const batches = Array.from({ length: 8 }, (_, batch) =>
      Array.from({ length: 40 }, (__, index) =>
        metered(`${batch}-${index}`, { at: HOUR, model: `m${(index * 7 + batch) % 20}` }),
      ),
    );
    await Promise.all(batches.map(add));
    const requests = (await store.totalsOf('org_acme', DAY)).find(
      (total) => total.quantity === 'requests',
    );
    expect(requests).toMatchObject({ units: 320n, events: 320n });
  });
});
