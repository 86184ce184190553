// Reads all three until they can be compared: at equal positions, or with equal digests wherever they stand.
import { ACCOUNTS, CATALOG, USAGE_RECORDED } from '#libs/events/topics.js';
import type { PositionStore } from '#libs/projection/position-store.js';
import type { UsageTotals } from '#libs/usage/usage-totals.controller.js';
import {
  type Comparison,
  compareReadings,
  furthest,
  type Readings,
} from '../domain/reconciliation.js';
import type { PeerReaders, TotalsQuestion } from './peer-readers.js';

/** What all three read. */
const SHARED_TOPICS = { [USAGE_RECORDED]: {}, [ACCOUNTS]: {}, [CATALOG]: {} };

export class Reconciling {
  constructor(
    private readonly own: UsageTotals,
    private readonly positions: PositionStore,
    private readonly peers: PeerReaders,
  ) {}

  /**
   * The last reading and what it shows. While readers differ at different positions, each next reading waits for the furthest
   * of them; after `waitMs` what there is is given, and the positions are among the differences.
   */
  async compare(question: TotalsQuestion): Promise<{ readings: Readings; comparison: Comparison }> {
    const until = performance.now() + question.waitMs;
    let { atLeast } = question;
    for (;;) {
      const waitMs = Math.max(0, Math.round(until - performance.now()));
      const readings = await this.readAll({ ...question, atLeast, waitMs });
      const comparison = compareReadings(readings);
      if (comparison.equal || comparison.samePositions || performance.now() >= until)
        return { readings, comparison };
      atLeast = furthest(readings, SHARED_TOPICS);
    }
  }

  private async readAll(question: TotalsQuestion): Promise<Readings> {
    const [metering, quota, invoicing] = await Promise.all([
      this.peers.read('metering', question),
      this.peers.read('quota', question),
      this.readOwn(question),
    ]);
    return { metering, quota, invoicing };
  }

  private async readOwn({ organization, period, atLeast, waitMs }: TotalsQuestion) {
    await this.positions.waitFor(atLeast === '' ? undefined : atLeast, waitMs);
    return this.own.read(organization, period);
  }
}
