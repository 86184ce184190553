import { Turns } from './turns.js';

/** Work of one ms an item on a clock that the work itself moves on. */
function stand() {
  const time = { now: 0 };
  const turns = new Turns(() => time.now);
  const done: string[] = [];
  const work = async (name: string, count: number): Promise<void> =>
    turns.each(Array(count).fill(name) as string[], (_index, item) => {
      time.now += 1;
      if (done.at(-1) !== item) done.push(item);
    });
  return { done, work };
}

describe('turns', () => {
  it('let one of the large ones go on in each round of the event loop', async () => {
    const { done, work } = stand();
    const rounds: string[][] = [];
    const all = Promise.all([work('a', 64), work('b', 64), work('c', 16)]);
    for (let round = 0; round < 9; round += 1) {
      rounds.push(done.splice(0));
      await new Promise(setImmediate);
    }
    await all;
    // Everyone begins; from then on one turn a round, in the order in which they came to wait.
    expect(rounds.map((names) => names.join(''))).toEqual([
      'abc',
      'a',
      'b',
      '',
      'a',
      'b',
      'a',
      'b',
      '',
    ]);
  });

  it('give every item once, in order', async () => {
    const seen: number[] = [];
    await new Turns(() => seen.length).each(
      Array.from({ length: 1_000 }, (_, at) => at),
      (index, item) => {
        expect(index).toBe(item);
        seen.push(item);
      },
    );
    expect(seen).toHaveLength(1_000);
    expect(seen.every((item, at) => item === at)).toBe(true);
  });
});
