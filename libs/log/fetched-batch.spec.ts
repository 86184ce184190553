import { createRequire } from 'node:module';
import { FetchedBatch, type PartitionData } from './fetched-batch.js';
import { CorruptRecords, type FetchedRecord } from './record-set.js';

const record = (offset: number, transaction?: FetchedRecord['transaction']): FetchedRecord => ({
  offset,
  key: null,
  value: Buffer.alloc(0),
  appendedAt: 0,
  ...(transaction && { transaction }),
});

const data = (messages: readonly FetchedRecord[], more: Partial<PartitionData> = {}) => ({
  partition: 3,
  highWatermark: '20',
  messages,
  ...more,
});

const offsets = (records: readonly FetchedRecord[]) => records.map(({ offset }) => offset);

describe('fetched batch', () => {
  it.each<[string, FetchedRecord[], readonly [number[], string | null, string, string, string]]>([
    // what came for offset 5            messages, first, last, lag, lag of the first
    ['what was asked for', [record(5), record(6)], [[5, 6], '5', '6', '13', '14']],
    ['a batch from before', [record(3), record(4), record(5)], [[5], '5', '5', '14', '14']],
    ['only what lies before', [record(3), record(4)], [[], null, '5', '14', '0']],
    ['nothing', [], [[], null, '19', '0', '0']],
  ])('gives %s as kafkajs expects it', (_, came, expected) => {
    const batch = new FetchedBatch('t', '5', data(came));
    expect([
      offsets(batch.messages),
      batch.firstOffset(),
      batch.lastOffset(),
      batch.offsetLag(),
      batch.offsetLagLow(),
    ]).toEqual(expected);
    const isEmpty = expected[0].length === 0;
    expect(batch.isEmpty()).toBe(isEmpty);
    expect(batch.isEmptyDueToFiltering()).toBe(came.length > 0 && isEmpty);
  });

  it('leaves out what an aborted transaction wrote, and every control record', () => {
    const of = (producerId: string, isControl = false) => ({ producerId, isControl });
    const came = [
      record(0, of('7')),
      record(1, of('8')),
      record(2),
      record(3, of('7', true)),
      record(4, of('7')),
      record(5, of('7', true)),
    ];
    const abortedTransactions = [{ producerId: '7', firstOffset: '0' }];
    const batch = new FetchedBatch('t', '0', data(came, { abortedTransactions }));
    expect(offsets(batch.messages)).toEqual([1, 2, 4]);
    expect(new FetchedBatch('t', '5', data(came)).isEmptyControlRecord()).toBe(true);
  });

  it('is not empty while it has something corrupt to tell of', () => {
    const corrupt = new CorruptRecords('the CRC of the record batch at 5 is wrong');
    const batch = new FetchedBatch('t', '5', data(Object.assign([], { corrupt })));
    expect([batch.messages, batch.corrupt, batch.isEmpty()]).toEqual([[], corrupt, false]);
  });

  it('has every member of the class that it stands for', () => {
    const path = createRequire(import.meta.url).resolve('kafkajs/src/consumer/batch');
    const Original = createRequire(path)(path) as { prototype: object };
    const members = Object.getOwnPropertyNames(Original.prototype);
    expect(members.length).toBeGreaterThan(8);
    for (const member of members) expect(FetchedBatch.prototype).toHaveProperty(member);
  });
});
