import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { CreateAccountTables1760000000003 } from '../../accounts/account-tables.js';
import { encodeCatalogFact } from '../../events/catalog-fact.js';
import { CATALOG } from '../../events/topics.js';
import type { StoredRecord } from '../../log/event-log.js';
import { freshDatabase } from '../../testing/postgres.js';
import { CatalogStore } from '../catalog.store.js';
import { catalogProjection } from '../catalog-projection.js';
import { CreateCatalogTables1760000000004 } from '../catalog-tables.js';

const NOVEMBER = Date.UTC(2026, 10, 1);
const DECEMBER = Date.UTC(2026, 11, 1);
const text = (version: string, from: number): string => `version: ${version}
effective_from: ${new Date(from).toISOString().replace('.000', '')}
currency: USD
models:
  m:
    prices:
      on_demand: { input: "0.05", output: "0.08" } # as agreed
tiers:
  free: { title: Free, monthly_fee: "0", usage: free, features: [], limits: {} }
`;

describe('catalog store', () => {
  let source: DataSource;
  let store: CatalogStore;

  beforeEach(async () => {
    source = await freshDatabase([
      CreateAccountTables1760000000003,
      CreateCatalogTables1760000000004,
    ]);
    store = new CatalogStore(source);
  });

  afterEach(async () => source.destroy());

  const record = (factId: number, version: string, from: number): StoredRecord => ({
    offset: factId - 1,
    key: version,
    appendedAt: 0,
    value: encodeCatalogFact({
      factId,
      fact: {
        catalogVersion: version,
        effectiveFrom: from,
        mediaType: 'application/yaml',
        document: Buffer.from(text(version, from)),
        recordedAt: factId * 100,
      },
    }),
  });
  const fold = async (...records: readonly StoredRecord[]): Promise<void> =>
    source.transaction(async (tx) => {
      const slice = { topic: CATALOG, partition: 0, records, first: 0, next: records.length };
      await catalogProjection('quota', store).fold(tx, slice, undefined);
    });

  it('has no version before the first is folded', async () => {
    expect(await store.versions()).toEqual([]);
    expect(await store.at(NOVEMBER)).toBeUndefined();
    expect(await store.newest()).toBeUndefined();
  });

  it('gives versions in order of their effective time and the one in force', async () => {
    await fold(record(1, 'nov', NOVEMBER));
    expect((await store.versions()).map(({ version }) => version)).toEqual(['nov']);
    await fold(record(2, 'dec', DECEMBER));
    expect((await store.versions()).map(({ version }) => version)).toEqual(['nov', 'dec']);
    expect((await store.at(0))?.version).toBe('nov');
    expect((await store.at(DECEMBER - 1))?.version).toBe('nov');
    expect((await store.at(DECEMBER))?.version).toBe('dec');
    expect((await store.newest())?.version).toBe('dec');
  });

  it('parses a version once', async () => {
    await fold(record(1, 'nov', NOVEMBER));
    const [first] = await store.versions();
    const [second] = await store.versions();
    expect(second).toBe(first);
  });

  it('shows a transaction what it added and forgets it when that is rolled back', async () => {
    const rolledBack = source.transaction(async (tx) => {
      const records = [record(1, 'nov', NOVEMBER)];
      const slice = { topic: CATALOG, partition: 0, records, first: 0, next: 1 };
      await catalogProjection('quota', store).fold(tx, slice, undefined);
      expect(await store.versions(tx)).toHaveLength(1);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await store.versions()).toEqual([]);
  });

  it('gives a snapshot no version that was published after it', async () => {
    await fold(record(1, 'nov', NOVEMBER));
    await source.transaction('REPEATABLE READ', async (tx) => {
      expect(await store.versions(tx)).toHaveLength(1);
      await fold(record(2, 'dec', DECEMBER));
      expect(await store.versions()).toHaveLength(2);
      expect((await store.versions(tx)).map(({ version }) => version)).toEqual(['nov']);
    });
    expect(await store.versions()).toHaveLength(2);
  });

  it('keeps the published bytes', async () => {
    await fold(record(1, 'nov', NOVEMBER));
    const document = await store.document('nov');
    expect(document?.bytes.toString()).toBe(text('nov', NOVEMBER));
    expect(document).toMatchObject({
      mediaType: 'application/yaml',
      effectiveFrom: NOVEMBER,
      recordedAt: 100,
      etag: createHash('sha256').update(text('nov', NOVEMBER)).digest('hex'),
    });
    expect(await store.document('dec')).toBeUndefined();
  });

  it('lists versions published since an instant', async () => {
    await fold(record(1, 'nov', NOVEMBER), record(2, 'dec', DECEMBER));
    expect((await store.list()).map(({ version }) => version)).toEqual(['nov', 'dec']);
    expect((await store.list(101)).map(({ version }) => version)).toEqual(['dec']);
  });

  it('halts on a document that is not the version the fact names', async () => {
    const wrong = encodeCatalogFact({
      factId: 1,
      fact: {
        catalogVersion: 'dec',
        effectiveFrom: NOVEMBER,
        mediaType: 'application/yaml',
        document: Buffer.from(text('nov', NOVEMBER)),
        recordedAt: 1,
      },
    });
    await expect(
      fold({ offset: 0, key: 'dec', value: wrong, appendedAt: 0 }),
    ).rejects.toMatchObject({ reason: 'undecodable_fact' });
  });
});
