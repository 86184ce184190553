// Quota's half of parity: under random usage, price changes, corrections and restarts the month's spend is what delta-by-delta
// arithmetic says, to the femto-dollar. Invoicing's half has the same months (apps/invoicing/test/parity.flow.spec.ts).
import { NOVEMBER, randomMonth } from '#libs/usage/test/random-month.js';
import { Stand } from './stand.js';

describe('the spend of a random month', () => {
  it.each([[11], [12], [13]])(
    'is the sum of its deltas, seed %i',
    async (seed) => {
      const month = randomMonth(seed, 600);
      const stand = await Stand.open();
      try {
        for (const text of month.catalogs) await stand.publish(text);
        for (const fact of month.facts) await stand.tell(fact);
        for (const [index, batch] of month.batches.entries()) {
          // Every seventh batch meets a process that was stopped and started again.
          if (index % 7 === 0) await restarted(stand);
          const value = await stand.meter(batch, index % 2);
          if (index % 5 === 0) await stand.again(value, index % 2);
        }
        await stand.caughtUp();
        for (const [organization, spentFemto] of month.spentFemto) {
          const found = await stand.reader().spend(organization, NOVEMBER);
          expect([organization, found?.spend.rated.spentFemto]).toEqual([organization, spentFemto]);
          expect(found?.spend.rated.unpriced).toEqual([]);
        }
      } finally {
        await stand.close();
      }
    },
    60_000,
  );
});

async function restarted(stand: Stand): Promise<void> {
  await Promise.all(running.splice(0).map(async (server) => server.close()));
  running.push(await stand.start());
}

const running: Awaited<ReturnType<Stand['start']>>[] = [];
