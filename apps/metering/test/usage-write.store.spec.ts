import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { type Quantity, QUANTITIES } from '#libs/events/quantities.js';
import { freshDatabase } from '#libs/testing/postgres.js';
import type { UsageHour } from '../domain/usage-hours.js';
import { MIGRATIONS } from '../store/migrations.js';
import { addHours } from '../store/usage-write.store.js';

const HOUR: UsageHour = {
  hour: Date.UTC(2026, 10, 24, 9),
  organization: 'org_acme',
  model: 'm',
  serviceTier: 'on_demand',
  adapter: '',
  project: '',
  apiKey: '',
  endUser: '',
  requests: 1,
  quantities: {},
  digestA: 1n,
  digestB: 2n ** 64n - 1n,
};

const using = (quantities: readonly Quantity[]): UsageHour => {
  return { ...HOUR, quantities: Object.fromEntries(quantities.map((name) => [name, 7])) };
};

describe('usage hours', () => {
  let source: DataSource;
  beforeAll(async () => {
    source = await freshDatabase(MIGRATIONS);
  });
  afterAll(async () => source.destroy());

  it('add up over one connection, whichever quantities a slice has', async () => {
    // Each set begins with the one before: what Postgres tells them apart by must not be cut off.
    const sets = [...QUANTITIES.keys(), QUANTITIES.length].map((end) => QUANTITIES.slice(0, end));
    await source.transaction(async (tx) => {
      for (const set of [...sets, ...sets]) await addHours(tx, [using(set)]);
    });
    const columns = ['requests', ...QUANTITIES].map((name) => `${name}::int`);
    const [row] = await rows(source, `SELECT ${columns.join(', ')} FROM usage_hour`);
    const times = (name: Quantity): number => 2 * (QUANTITIES.length - QUANTITIES.indexOf(name));
    const sums = QUANTITIES.map((name) => [name, 7 * times(name)]);
    expect(row).toEqual({ requests: 2 * sets.length, ...Object.fromEntries(sums) });
  });
});
