import type { KeyedEvent, Poison } from './interpret.js';
import { sortOut } from './sort-out.js';

const event = {
  kind: 'recorded',
  source: '//n',
  id: 'a',
  organization: 'org_a',
  reservation: null,
};
const record = { offset: 0, value: Buffer.from('x'), appendedAt: 1 };
const keyed = (offset: number, key: string, kind = 'recorded', fingerprint = 1n): KeyedEvent =>
  ({
    kind: 'event',
    offset,
    key,
    fingerprint,
    event: { ...event, kind, original: { source: '//n', id: 'o', reason: 'r' } },
    record: { ...record, offset },
  }) as unknown as KeyedEvent;
const poison: Poison = {
  kind: 'poison',
  offset: 9,
  refusal: { reason: 'invalid_json', pointer: '', detail: 'no', id: null },
  record: { ...record, offset: 9 },
};

describe('a range of records', () => {
  const holders = new Map([
    ['own', { partition: 1, offset: 0, fingerprint: 1n }],
    ['other', { partition: 2, offset: 5, fingerprint: 1n }],
  ]);
  const sorted = sortOut(
    [
      keyed(0, 'own'),
      keyed(1, 'other'),
      keyed(2, 'other', 'recorded', 7n),
      keyed(3, 'nobody'),
      keyed(4, 'nobody', 'voided'),
      poison,
    ],
    1,
    { holders, deltasOf: () => [] },
  );

  it('falls apart into what counts, what repeats and what is parked', () => {
    expect(sorted.events.map(({ offset, key }) => [offset, key])).toEqual([[0, 'own']]);
    expect(sorted.repeats).toEqual([{ key: 'other', offset: 1 }]);
    expect(sorted.rejected.map(({ reason, position }) => [reason, position?.offset])).toEqual([
      ['conflict', 2],
      ['unknown_original', 4],
      ['invalid_json', 9],
    ]);
  });

  it('passes over a recorded event that nobody holds: an operator quarantined it', () => {
    const offsets = [sorted.events, sorted.repeats].flatMap((part) =>
      part.map(({ offset }) => offset),
    );
    expect(offsets).not.toContain(3);
    expect(sorted.rejected.map(({ position }) => position?.offset)).not.toContain(3);
  });
});
