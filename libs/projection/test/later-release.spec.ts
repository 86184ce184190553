// A rolling deploy: the new release already writes `usage.metered` in a format that the old one does not know. The old reader stops
// where it no longer understands; the new one, which takes over, goes on from there. Nothing is passed over and nothing counts twice.
import {
  decodeMetered,
  encodeMetered,
  type MeteredBatch,
  type MeteredEvent,
} from '../../events/metered-batch.js';
import { unseenEventsOf } from '../chain.js';
import { Halts } from '../halts.js';
import { decodeMeteredSlice } from '../metered-slice.js';
import type { Projection, Slice } from '../projection.js';
import { Bench, until } from './tally.js';

const AT = { projection: 'test.reader', topic: 't', partition: 0 };

function rangeOf(from: number, to: number): MeteredBatch {
  const events = Array.from({ length: to - from }, (_, index): MeteredEvent => {
    const offset = from + index;
    return {
      offset,
      key: offset.toString(16).padStart(32, '0'),
      kind: 'recorded',
      source: 's',
      id: String(offset),
      organization: 'org_a',
      reservation: null,
      deltas: [],
    };
  });
  return { version: 1, partition: 0, from, to, events };
}

/** A reader of the chain that adds the offsets it was given to a list, in the transaction's order. */
function readerOf(decode: (slice: Slice) => MeteredBatch[], given: number[]): Projection {
  return {
    name: AT.projection,
    topics: [AT.topic],
    maxRecords: 10,
    async fold(tx, slice) {
      const events = await unseenEventsOf(tx, AT.projection, decode(slice));
      given.push(...events.map(({ offset }) => offset));
      const counts = { duplicates: 0, quarantined: 0, digestA: 0n, digestB: 0n };
      return { counts: { ...counts, applied: events.length }, folded: undefined };
    },
  };
}

// The new release's format: the old one with another number, as any real change would be to a reader that does not know it.
const inNewFormat = (batch: MeteredBatch): Buffer =>
  Buffer.from(encodeMetered(batch).toString().replace('"version":2', '"version":3'));

const newDecode = ({ records }: Slice): MeteredBatch[] =>
  records.map(({ value }) =>
    decodeMetered(Buffer.from(value.toString().replace('"version":3', '"version":2'))),
  );

describe('an old reader and a new writer', () => {
  it('lose and double nothing: the old one halts, the new one takes over', async () => {
    const bench = await Bench.open(1);
    try {
      const append = async (value: Buffer): Promise<unknown> =>
        bench.log.append('t', 0, [{ key: null, value }]);
      await append(encodeMetered(rangeOf(0, 3)));
      const given: number[] = [];
      const old = await bench.start(readerOf(decodeMeteredSlice, given));
      await until(() => given.length === 3);
      await append(inNewFormat(rangeOf(3, 5)));
      await append(encodeMetered(rangeOf(5, 6)));
      const row = async () => bench.row(0, AT.projection);
      await until(async () => (await row())['halt_reason'] === 'undecodable_batch');
      expect(await row()).toMatchObject({
        next_offset: '1',
        halt_detail: 'offset 1: metered batch version 3',
      });
      expect(old.reasonsNotReady()).toEqual(['test.reader t[0] is halted: undecodable_batch']);
      expect(given).toEqual([0, 1, 2]);

      await old.stop();
      await bench.start(readerOf(newDecode, given));
      const halts = new Halts(bench.source, bench.log, Date.now);
      await halts.retry(AT, { by: 'key_ops', note: 'the new release is there' });
      await until(async () => (await bench.position(0, AT.projection)) === 3);
      expect(given).toEqual([0, 1, 2, 3, 4, 5]);
    } finally {
      await bench.close();
    }
  });
});
