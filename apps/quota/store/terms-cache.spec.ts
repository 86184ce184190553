import type { EntityManager } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import { TermsCache } from './terms-cache.js';

describe('terms cache', () => {
  let read: string[];
  let cache: TermsCache;

  beforeEach(() => {
    read = [];
    const accounts = {
      findMany: async (ids: readonly string[]) => {
        read.push(...ids);
        return Promise.resolve(new Map(ids.map((id) => [id, { id }])));
      },
    };
    const versions = [{ version: 'v1' }];
    const catalogs = { versions: async () => Promise.resolve(versions) };
    cache = new TermsCache(
      accounts as unknown as AccountStore,
      catalogs as unknown as CatalogStore,
      2,
    );
  });

  async function find(...names: string[]): Promise<string[]> {
    const facts = names.map((name) => {
      const [id = '', factId = '1'] = name.split('@');
      return { id, fact_id: factId };
    });
    const found = await cache.find({} as EntityManager, facts, '7');
    return [...found.values()].map(({ mark, terms }) => `${terms.account.id} ${mark}`);
  }

  it('gives all of a batch, also what the batch itself pushes out', async () => {
    await find('a', 'b');
    expect((await find('a', 'c', 'd', 'e')).toSorted()).toEqual([
      'a 1/v1',
      'c 1/v1',
      'd 1/v1',
      'e 1/v1',
    ]);
  });

  it('reads an account again when its fact is another, and when it was not used for longest', async () => {
    await find('a', 'b');
    await find('a');
    await find('c');
    expect(read).toEqual(['a', 'b', 'c']);
    expect(await find('a')).toEqual(['a 1/v1']);
    expect(await find('a@2')).toEqual(['a 2/v1']);
    await find('b');
    expect(read).toEqual(['a', 'b', 'c', 'a', 'b']);
  });
});
