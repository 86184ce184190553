// Invoicing's half of parity: under random usage, price changes, corrections and restarts the draft costs what delta-by-delta
// arithmetic says, to the femto-dollar. Quota's half has the same months (apps/quota/test/parity.flow.spec.ts).
import { NOVEMBER, randomMonth } from '#libs/usage/test/random-month.js';
import { Stand } from './stand.js';

describe('the draft of a random month', () => {
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
          await stand.meter(batch, index % 2);
        }
        await stand.caughtUp();
        for (const [organization, spentFemto] of month.spentFemto) {
          const { draft } = await stand.stores().basis.read(organization, NOVEMBER);
          const lines = draft?.lines ?? [];
          expect([organization, lines.reduce((sum, line) => sum + line.amountFemto, 0n)]).toEqual([
            organization,
            spentFemto,
          ]);
          expect(draft?.suspense).toEqual([]);
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
