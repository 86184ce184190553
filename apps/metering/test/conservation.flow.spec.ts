import { rows } from '#libs/database/database.js';
import { QUANTITIES } from '#libs/events/quantities.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { followChain } from '#libs/projection/chain.js';
import { correcting, Stand, usage, voiding, withoutPublishing } from './stand.js';

/** mulberry32: the same seed, the same traffic. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Usage, repeats, conflicts, corrections of things known and unknown, and poison; few ids, so that they meet. */
function traffic(pick: (below: number) => number): object | string {
  const id = `e${pick(40)}`;
  const kind = pick(20);
  if (kind === 0) return 'not json';
  if (kind === 1) return usage(id, { input: -1 });
  if (kind === 2) return usage(id, { input: 999 });
  if (kind <= 4) return voiding(`v${pick(12)}`, id);
  if (kind <= 6) return correcting(`c${pick(12)}`, id, { input: pick(9), output: pick(9) });
  return usage(id);
}

/** What readers of the chain count: requests and units. */
async function counted(stand: Stand): Promise<number[]> {
  const sums = [0, 0];
  for (const partition of [0, 1]) {
    let expected = 0;
    for (const batch of await stand.metered(partition)) {
      const followed = followChain(expected, batch);
      expected = followed.expected;
      for (const { requests, quantities } of followed.events.flatMap(({ deltas }) => deltas)) {
        sums[0] = (sums[0] ?? 0) + requests;
        for (const name of QUANTITIES) sums[1] = (sums[1] ?? 0) + (quantities[name] ?? 0);
      }
    }
  }
  return sums;
}

describe('traffic of every kind, with a process that dies between commit and append', () => {
  it.each([1, 2, 3, 4])('is conserved: seed %i', async (seed) => {
    const pick = randomOf(seed);
    const stand = await Stand.open();
    try {
      for (let round = 0; round < 4; round += 1) {
        await stand.start(pick(2) === 0 ? withoutPublishing(stand.log) : stand.log);
        for (let append = 0; append < 5; append += 1) {
          const events = Array.from({ length: 1 + pick(20) }, () => traffic(pick));
          await stand.append(pick(2), ...events);
        }
        await new Promise((resolve) => {
          setTimeout(resolve, pick(60));
        });
        await stand.stop();
      }
      await stand.start();
      await stand.drained();
      const parts = await rows<{ partition: number; records: number }>(
        stand.source,
        `SELECT partition, (applied + duplicates + quarantined)::int AS records FROM stream_offset
         WHERE projection = 'metering.usage' ORDER BY partition`,
      );
      const marks = await stand.log.watermarks(USAGE_RECORDED);
      expect(parts.map(({ records }) => records)).toEqual(marks.map(({ high }) => high));
      const [requests, input, output] = await stand.totals();
      expect(await counted(stand)).toEqual([requests, (input ?? 0) + (output ?? 0)]);
      const [names] = await rows<{ applied: number; names: number }>(
        stand.source,
        `SELECT (SELECT sum(applied)::int FROM stream_offset WHERE projection = 'metering.usage') AS applied,
           (SELECT count(*)::int FROM identity) AS names`,
      );
      expect(names?.applied).toBe(names?.names);
      expect(names?.names).toBeGreaterThan(30);
    } finally {
      await stand.close();
    }
  });
});
