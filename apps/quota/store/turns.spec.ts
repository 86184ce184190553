import { setImmediate as nextRound } from 'node:timers/promises';
import { type Lane, Turns } from './turns.js';

describe('turns', () => {
  let turns: Turns;
  let done: string[];

  beforeEach(() => {
    turns = new Turns();
    done = [];
  });

  async function work(lane: Lane, name: string): Promise<void> {
    return turns.take(lane, async () => {
      done.push(`${name}<`);
      await nextRound();
      done.push(`${name}>`);
    });
  }

  it('does one at a time, a queue of usage and one of checks by turns', async () => {
    const all = ['u1', 'u2', 'u3'].map(async (name) => work('own', name));
    all.push(...['c1', 'c2'].map(async (name) => work('asked', name)));
    await Promise.all(all);
    expect(done.join(' ')).toBe('u1< u1> c1< c1> u2< u2> c2< c2> u3< u3>');
  });

  it('goes on behind one that failed', async () => {
    const failing = turns.take('asked', async () => Promise.reject(new Error('lost')));
    const after = work('asked', 'c1');
    await expect(failing).rejects.toThrow('lost');
    await after;
    expect(done).toEqual(['c1<', 'c1>']);
  });

  it.each(['idle', 'busy'])('gives who asks at an end the next turn when it is %s', async (how) => {
    const queue = how === 'busy' ? [work('own', 'u1'), work('own', 'u2')] : [];
    const asking = turns.ended().then(async () => work('asked', 'c1'));
    await Promise.all([...queue, asking]);
    expect(done.slice(0, 4).join(' ')).toBe(how === 'busy' ? 'u1< u1> c1< c1>' : 'c1< c1>');
  });
});
