import { Batcher } from './batcher.js';

class Passing extends Error {}
class Everyones extends Error {}

function batcherOf(work: (items: readonly number[]) => Promise<readonly number[]>, maxItems = 100) {
  const batches: number[][] = [];
  const batcher = new Batcher<number, number>(
    async (items) => {
      batches.push([...items]);
      return work(items);
    },
    {
      maxItems,
      isPassing: (error) => error instanceof Passing,
      isEveryones: (error) => error instanceof Everyones,
    },
  );
  return { batcher, batches };
}

const doubled = async (items: readonly number[]): Promise<number[]> => {
  await Promise.resolve();
  return items.map((item) => item * 2);
};

describe('batcher', () => {
  it('takes one alone at once, and what arrives meanwhile together', async () => {
    const { batcher, batches } = batcherOf(doubled);
    const outs = await Promise.all([1, 2, 3, 4].map(async (item) => batcher.do(item)));
    expect(outs).toEqual([2, 4, 6, 8]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('never takes more than it may', async () => {
    const { batcher, batches } = batcherOf(doubled, 2);
    await Promise.all([1, 2, 3, 4, 5].map(async (item) => batcher.do(item)));
    expect(batches).toEqual([[1], [2, 3], [4, 5]]);
  });

  it('tries again at once what another attempt may cure', async () => {
    let attempts = 0;
    const { batcher } = batcherOf(async (items) => {
      attempts += 1;
      if (attempts === 1) throw new Passing();
      return doubled(items);
    });
    await expect(batcher.do(1)).resolves.toBe(2);
  });

  it('fails everyone with an error that is about nobody', async () => {
    const { batcher, batches } = batcherOf(async () => {
      await Promise.resolve();
      throw new Everyones('away');
    });
    const all = await Promise.allSettled([1, 2, 3].map(async (item) => batcher.do(item)));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(batches).toHaveLength(2);
  });

  it('finds the one that is at fault, and serves the others', async () => {
    const { batcher } = batcherOf(async (items) => {
      if (items.includes(3)) throw new Error('three');
      return doubled(items);
    });
    const all = await Promise.allSettled([1, 2, 3, 4].map(async (item) => batcher.do(item)));
    expect(all.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    await expect(batcher.do(5)).resolves.toBe(10);
  });

  it('puts what had no outcome into a later batch, apart from what is new', async () => {
    const seen: [number[], number][] = [];
    const batcher = new Batcher<number, number>(
      async (items, tries) => {
        seen.push([[...items], tries]);
        await Promise.resolve();
        return items.map((item) => (item === 2 && tries < 2 ? undefined : item));
      },
      { maxItems: 10, isPassing: () => false, isEveryones: () => false },
    );
    const outs = await Promise.all([1, 2, 3].map(async (item) => batcher.do(item)));
    expect(outs).toEqual([1, 2, 3]);
    expect(seen).toEqual([
      [[1], 0],
      [[2, 3], 0],
      [[2], 1],
      [[2], 2],
    ]);
  });
});
