import type { BatchOutcome, ConsumeOptions, Unreadable } from './event-log.js';
import type { Place } from './kafka-places.js';
import { answerUnreadable } from './kafka-unreadable.js';
import { CorruptRecords } from './record-set.js';

const AT = { topic: 't', partition: 3 };
const FAULT = new CorruptRecords('the CRC of the record batch at 17 is wrong');

function placeAt(position: number): Place {
  return { at: AT, position, epoch: 0, busy: true };
}

function readerOf(told: Unreadable[]): ConsumeOptions {
  return {
    group: 'g',
    topics: ['t'],
    onAssigned: () => undefined,
    onBatch: async () => ({ kind: 'applied' }),
    onCrash: () => undefined,
    onUnreadable: async (place) => {
      told.push(place);
      return { kind: 'pause' };
    },
  };
}

async function answers(place: Place, options: ConsumeOptions, times: number) {
  const all: BatchOutcome[] = [];
  for (let time = 0; time < times; time += 1)
    all.push(await answerUnreadable(place, FAULT, options));
  return all;
}

describe('records that cannot be read', () => {
  it('are fetched three more times, and then the reader is told where and why', async () => {
    const told: Unreadable[] = [];
    expect(await answers(placeAt(17), readerOf(told), 4)).toEqual([
      { kind: 'retry', afterMs: 500 },
      { kind: 'retry', afterMs: 1_000 },
      { kind: 'retry', afterMs: 2_000 },
      { kind: 'pause' },
    ]);
    expect(told).toEqual([{ ...AT, offset: 17, detail: FAULT.message }]);
  });

  it('are counted anew after the reader was told, and at another offset', async () => {
    const told: Unreadable[] = [];
    const place = placeAt(17);
    await answers(place, readerOf(told), 6);
    expect(told).toHaveLength(1);
    place.position = 18;
    await answers(place, readerOf(told), 3);
    expect(told).toHaveLength(1);
    await answers(place, readerOf(told), 1);
    expect(told.map(({ offset }) => offset)).toEqual([17, 18]);
  });

  it('are fetched for ever where no reader wants to know', async () => {
    const { onUnreadable: _, ...options } = readerOf([]);
    const outcomes = await answers(placeAt(0), options, 6);
    expect(outcomes.at(-1)).toEqual({ kind: 'retry', afterMs: 5_000 });
  });
});
