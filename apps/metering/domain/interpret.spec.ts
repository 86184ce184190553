import {
  interpret,
  rejectedConflict,
  rejectedCorrection,
  rejectedPoison,
  type KeyedEvent,
  type Poison,
} from './interpret.js';

const appendedAt = Date.UTC(2026, 10, 24, 10);
const event = (change: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      specversion: '1.0',
      type: 'dev.meterbook.usage.v1',
      source: '//eu/node-1',
      id: 'a',
      subject: 'org_a',
      time: '2026-11-24T09:59:00Z',
      data: { model: 'm', tokens: { input: 3 } },
      ...change,
    }),
  );
const read = (value: Buffer, at = appendedAt): ReturnType<typeof interpret> =>
  interpret({ offset: 7, value, appendedAt: at });

describe('a record of the log', () => {
  it('is an event with its identity, the same whenever it is read', () => {
    expect(read(event())).toMatchObject({
      kind: 'event',
      offset: 7,
      key: expect.stringMatching(/^ffffffffffff[0-9a-f]{20}$/),
    });
    expect(read(event())).toEqual(read(event()));
  });

  it('is judged by the time of its append, with ten minutes of slack', () => {
    const time = '2026-11-24T10:05:00Z';
    expect(read(event({ time }), Date.UTC(2026, 10, 24, 9, 50)).kind).toBe('event');
    expect(read(event({ time }), Date.UTC(2026, 10, 24, 9, 49)).kind).toBe('poison');
  });

  it.each([
    // bytes                                  reason           organization
    [Buffer.from('not json'), 'invalid_json', null],
    [Buffer.from([0xff, 0xfe]), 'invalid_json', null],
    [event({ type: 'other' }), 'unknown_type', 'org_a'],
    [event({ subject: { a: 1 }, type: 'other' }), 'unknown_type', null],
  ])('that is poison says why and whose it may be', (value, reason, organization) => {
    const poison = read(value) as Poison;
    expect(rejectedPoison(poison, 3)).toMatchObject({
      reason,
      organization,
      position: { topic: 'usage.recorded', partition: 3, offset: 7 },
      raw: value.toString('base64'),
      at: appendedAt,
    });
  });

  it('that is a conflict or corrects nothing names both sides', () => {
    const entry = read(event()) as KeyedEvent;
    const winner = { topic: 'usage.recorded', partition: 1, offset: 2 };
    expect(rejectedConflict(entry, 3, winner)).toMatchObject({
      reason: 'conflict',
      winner,
      id: 'a',
      source: '//eu/node-1',
    });
    const voided = read(
      event({
        type: 'dev.meterbook.usage.voided.v1',
        data: { original: { id: 'x' }, reason: 'lost' },
      }),
    ) as KeyedEvent;
    expect(rejectedCorrection(voided, 3)).toMatchObject({
      reason: 'unknown_original',
      detail: expect.stringContaining('x'),
    });
  });
});
