import { AppendLane, type SendBatch } from './append-lane.js';
import { ByteBudget } from './byte-budget.js';
import { LogBusy, LogUnavailable, type NewRecord, RecordTooLarge } from './event-log.js';
import { MAX_BATCH_BYTES } from './record-size.js';

interface Sent {
  readonly texts: string[];
  readonly isWanted: () => boolean;
  answer(firstOffset: number): void;
  fail(error: Error): void;
}

/** A lane whose sends wait until the spec answers them. */
function laneWith(options: { deadlineMs?: number; limit?: number } = {}) {
  const sent: Sent[] = [];
  const send: SendBatch = async (records, isWanted) =>
    new Promise((resolve, reject) => {
      sent.push({
        texts: records.map(({ value }) => value.toString('utf8', 0, 12)),
        isWanted,
        answer: resolve,
        fail: reject,
      });
    });
  const budget = new ByteBudget(options.limit ?? 1 << 24);
  const lane = new AppendLane({
    name: 't[0]',
    send,
    budget,
    deadlineMs: options.deadlineMs ?? 5_000,
  });
  return { lane, sent, budget };
}

const records = (...texts: string[]): NewRecord[] =>
  texts.map((text) => ({ key: null, value: Buffer.from(text) }));
const large = (text: string, bytes = 600_000): NewRecord => ({
  key: null,
  value: Buffer.concat([Buffer.from(text.padEnd(12)), Buffer.alloc(bytes)]),
});
const turn = async () => new Promise(setImmediate);

describe('append lane', () => {
  it('has one send in flight and puts what waits into the next', async () => {
    const { lane, sent } = laneWith();
    const calls = [
      lane.append(records('a')),
      lane.append(records('b', 'c')),
      lane.append(records('d')),
    ];
    await turn();
    expect(sent.map(({ texts }) => texts)).toEqual([['a']]);
    sent[0]?.answer(10);
    await turn();
    expect(sent.map(({ texts }) => texts)).toEqual([['a'], ['b', 'c', 'd']]);
    sent[1]?.answer(20);
    expect(await Promise.all(calls)).toEqual([
      { firstOffset: 10, nextOffset: 11 },
      { firstOffset: 20, nextOffset: 22 },
      { firstOffset: 22, nextOffset: 23 },
    ]);
  });

  it('never puts more than one batch’s bytes into a send, nor cuts a small call in two', async () => {
    const { lane, sent } = laneWith();
    const calls = [
      lane.append(records('first')),
      lane.append([large('a')]),
      lane.append([large('b')]),
    ];
    await turn();
    sent[0]?.answer(0);
    await turn();
    expect(sent[1]?.texts).toEqual(['a           ']);
    sent[1]?.answer(1);
    await turn();
    expect(sent[2]?.texts).toEqual(['b           ']);
    sent[2]?.answer(2);
    await Promise.all(calls);
  });

  it('tells a late caller, and waits for the late send before the next one starts', async () => {
    const { lane, sent } = laneWith({ deadlineMs: 20 });
    const late = lane.append(records('late'));
    await expect(late).rejects.toThrow(LogUnavailable);
    expect(sent[0]?.isWanted()).toBe(false);
    const next = lane.append(records('next'));
    await turn();
    expect(sent).toHaveLength(1);
    sent[0]?.answer(0);
    await turn();
    sent[1]?.answer(5);
    expect(await next).toEqual({ firstOffset: 5, nextOffset: 6 });
  });

  it('never sends what its caller was told is not sent', async () => {
    const { lane, sent, budget } = laneWith({ deadlineMs: 20 });
    const calls = [lane.append(records('a')), lane.append(records('b'))];
    await Promise.allSettled(calls);
    sent[0]?.answer(0);
    await lane.idle();
    expect(sent.map(({ texts }) => texts)).toEqual([['a']]);
    expect(budget.used).toBe(0);
  });

  it('ends a call of several pieces with its first failed piece: no hole, no later piece', async () => {
    const { lane, sent, budget } = laneWith();
    const call = lane.append([large('1'), large('2'), large('3')]);
    const after = lane.append(records('after'));
    await turn();
    sent[0]?.fail(new LogUnavailable('gone'));
    await expect(call).rejects.toThrow('gone');
    await turn();
    expect(sent[1]?.texts).toEqual(['after']);
    sent[1]?.answer(0);
    await after;
    expect(budget.used).toBe(0);
  });

  it('says where a call of several pieces begins and ends', async () => {
    const { lane, sent } = laneWith();
    const call = lane.append([large('1'), large('2')]);
    await turn();
    sent[0]?.answer(7);
    await turn();
    sent[1]?.answer(9);
    expect(await call).toEqual({ firstOffset: 7, nextOffset: 10 });
  });

  it('takes no more than its budget, and again once there is room', async () => {
    const { lane, sent } = laneWith({ limit: 1_000_000 });
    const first = lane.append([large('a')]);
    await expect(lane.append([large('b')])).rejects.toThrow(LogBusy);
    sent[0]?.answer(0);
    await first;
    const second = lane.append([large('b')]);
    await turn();
    sent[1]?.answer(1);
    expect(await second).toEqual({ firstOffset: 1, nextOffset: 2 });
  });

  it('holds the bytes of a late send until it has ended', async () => {
    const { lane, sent, budget } = laneWith({ deadlineMs: 10, limit: 1_000_000 });
    await expect(lane.append([large('a')])).rejects.toThrow(LogUnavailable);
    await expect(lane.append([large('b')])).rejects.toThrow(LogBusy);
    sent[0]?.fail(new Error('at last'));
    await lane.idle();
    expect(budget.used).toBe(0);
  });

  it.each([
    ['one record above a batch', [large('x', MAX_BATCH_BYTES)], 1 << 24],
    ['a call above the whole budget', [large('x'), large('y')], 1_000_000],
  ])('refuses %s before anything is sent', async (_, call, limit) => {
    const { lane, sent, budget } = laneWith({ limit });
    await expect(lane.append(call)).rejects.toThrow(RecordTooLarge);
    expect(sent).toHaveLength(0);
    expect(budget.used).toBe(0);
  });
});
