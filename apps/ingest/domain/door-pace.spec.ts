import fc from 'fast-check';
import { DoorPace } from './door-pace.js';

const LIMITS = { requestsPerSecond: 10, bytesPerSecond: 1_000 };

describe('door pace', () => {
  it('lets a burst of two seconds in, then says how long to wait', () => {
    const pace = new DoorPace(LIMITS);
    const waits = Array.from({ length: 22 }, () => pace.enter('a', 0));
    expect(waits).toEqual([...Array.from({ length: 20 }, () => 0), 1, 1]);
  });

  it('refills continuously', () => {
    const pace = new DoorPace(LIMITS);
    for (let sent = 0; sent < 20; sent++) pace.enter('a', 0);
    expect(pace.enter('a', 99)).toBe(1);
    expect(pace.enter('a', 100)).toBe(0);
    expect(pace.enter('a', 100)).toBe(1);
  });

  it('holds back what comes after too many bytes', () => {
    const pace = new DoorPace(LIMITS);
    expect(pace.enter('a', 0)).toBe(0);
    pace.carry('a', 7_000, 0);
    expect(pace.enter('a', 0)).toBe(5);
    expect(pace.enter('a', 4_999)).toBe(1);
    expect(pace.enter('a', 5_000)).toBe(0);
  });

  it('holds back what comes after a body that was worth many requests', () => {
    const pace = new DoorPace(LIMITS);
    pace.waste('a', 69, 0);
    expect(pace.enter('a', 0)).toBe(5);
    expect(pace.enter('a', 5_000)).toBe(0);
  });

  it('is of one key: another is not held back', () => {
    const pace = new DoorPace(LIMITS);
    for (let sent = 0; sent < 100; sent++) pace.enter('a', 0);
    expect(pace.enter('b', 0)).toBe(0);
  });

  it('refills nothing when the clock steps back', () => {
    const pace = new DoorPace(LIMITS);
    for (let sent = 0; sent < 20; sent++) pace.enter('a', 10_000);
    expect(pace.enter('a', 0)).toBe(1);
  });

  it('never lets in more than the burst and the rate, whenever requests come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 200 }), (gaps) => {
        const pace = new DoorPace(LIMITS);
        let now = 0;
        let entered = 0;
        for (const gap of gaps) {
          now += gap;
          if (pace.enter('a', now) === 0) entered++;
        }
        expect(entered).toBeLessThanOrEqual(20 + (now * 10) / 1_000 + 1e-6);
      }),
    );
  });
});
