import { addDigests, eventDigest, NO_DIGEST } from '#libs/events/digest.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import { PositionStore } from '#libs/projection/position-store.js';
import { MeteredTotals } from '../store/metered-totals.store.js';
import { correcting, NOON, Stand, usage, voiding } from './stand.js';

const NOVEMBER = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
const OCTOBER = { from: Date.UTC(2026, 9, 1), to: NOVEMBER.from };

describe('usage totals of metering', () => {
  it('have the digest of the events that went on to the readers, voids and corrections included', async () => {
    const stand = await Stand.open();
    try {
      await stand.start();
      await stand.append(0, usage('a', { input: 10 }), usage('b', { input: 5, output: 7 }));
      await stand.append(1, usage('c', { input: 3 }), usage('a', { input: 10 }));
      await stand.append(0, voiding('v', 'b'), correcting('k', 'a', { input: 4 }));
      await stand.drained();
      const streams = [{ projection: 'metering.usage', topic: USAGE_RECORDED }];
      const positions = new PositionStore(stand.source, streams, () => NOON);
      const totals = new MeteredTotals(stand.source, positions);
      const events = await stand.meteredEvents();
      expect(await totals.read('org_a', NOVEMBER)).toMatchObject({
        requests: 2n,
        quantities: { input: 7n, output: 0n },
        digest: events.map(eventDigest).reduce(addDigests, NO_DIGEST),
        spentFemto: null,
        positions: { 'usage.recorded': { 0: 4, 1: 2 } },
      });
      expect(await totals.read('org_a', OCTOBER)).toMatchObject({
        requests: 0n,
        digest: NO_DIGEST,
      });
      expect(await totals.read('org_b', NOVEMBER)).toMatchObject({ requests: 0n });
    } finally {
      await stand.close();
    }
  });
});
