import { quantityHash } from '#libs/events/digest.js';
import { gate } from '#libs/events/gate.js';
import { identityKey } from '#libs/events/identity.js';
import type { UsageEvent } from '#libs/events/usage-event.js';
import { MESSAGE, MESSAGE_NOW, VOIDED_MESSAGE } from '#libs/testing/usage-message.js';
import { DAY_MS, MINUTE_MS } from '#libs/time/instant.js';
import { ControlTotals } from './control-totals.js';

const MINUTE = MESSAGE_NOW;

function event(message: object): UsageEvent {
  const gated = gate(Buffer.from(JSON.stringify(message)), { now: MESSAGE_NOW });
  if ('refusal' in gated) throw new Error(gated.refusal.detail);
  return gated.event;
}

const one = event(MESSAGE);
const other = event({ ...MESSAGE, id: 'req-2' });

function digestOf(id: string): [bigint, bigint] {
  const key = identityKey('org_acme', '//eu-1/node-17', id);
  const hashes = [
    quantityHash(key, 'requests', 1),
    quantityHash(key, 'input', 300),
    quantityHash(key, 'output', 180),
  ];
  const sum = (half: 0 | 1) => hashes.reduce((total, hash) => total + hash[half], 0n);
  return [BigInt.asUintN(64, sum(0)), BigInt.asUintN(64, sum(1))];
}

describe('control totals', () => {
  it('count events, units and the digest that metering has for the same event', () => {
    const totals = new ControlTotals();
    totals.add(3, MINUTE + 59_999, [one]);
    expect(totals.changed()).toEqual([
      { minute: MINUTE, partition: 3, events: 1n, units: 480n, digest: digestOf('req-1') },
    ]);
  });

  it('are the same in any order, and apart by minute and partition', () => {
    const forth = new ControlTotals();
    forth.add(3, MINUTE, [one, other]);
    const back = new ControlTotals();
    back.add(3, MINUTE + 5, [other]);
    back.add(3, MINUTE + 7, [one]);
    expect(back.changed()).toEqual(forth.changed());
    back.add(4, MINUTE, [one]);
    back.add(3, MINUTE + MINUTE_MS, [one]);
    expect(back.changed().map(({ minute, partition }) => [minute, partition])).toEqual([
      [MINUTE, 3],
      [MINUTE, 4],
      [MINUTE + MINUTE_MS, 3],
    ]);
  });

  it('count a voided event as one without units', () => {
    const totals = new ControlTotals();
    totals.add(0, MINUTE, [event(VOIDED_MESSAGE)]);
    expect(totals.changed()).toMatchObject([{ events: 1n, units: 0n }]);
  });

  it('stay unsaved when more was added while they were being saved', () => {
    const totals = new ControlTotals();
    totals.add(3, MINUTE, [one]);
    const saved = totals.changed();
    totals.add(3, MINUTE, [other]);
    totals.saved(saved, MINUTE);
    expect(totals.changed()).toMatchObject([{ events: 2n, units: 960n }]);
    totals.saved(totals.changed(), MINUTE);
    expect(totals.changed()).toEqual([]);
  });

  it('go on from what was saved, even when the clock is set back by hours', () => {
    const totals = new ControlTotals();
    totals.add(3, MINUTE, [one]);
    totals.saved(totals.changed(), MINUTE + 20 * 3_600_000);
    totals.add(3, MINUTE, [other]);
    expect(totals.changed()).toMatchObject([{ events: 2n }]);
    totals.saved(totals.changed(), MINUTE + DAY_MS + 1);
    totals.add(3, MINUTE, [other]);
    expect(totals.changed()).toMatchObject([{ events: 1n }]);
  });
});
