import { BodyPlace, BodyRoom, type Full } from './body-room.js';

const LIMITS = { processBytes: 100, keyBytes: 60, keyBodies: 2 };

function place(entered: BodyPlace | Full): BodyPlace {
  if (!(entered instanceof BodyPlace)) throw new Error(`no room: ${entered}`);
  return entered;
}

describe('room for bodies', () => {
  it('is bounded for a key by its bytes, and what was refused is not held', () => {
    const room = new BodyRoom(LIMITS);
    const first = place(room.enter('a'));
    expect(first.take(60)).toBeUndefined();
    expect(place(room.enter('a')).take(1)).toBe('key');
    expect(room.bytes).toBe(60);
    first.leave();
    expect(room.bytes).toBe(0);
    expect(place(room.enter('a')).take(60)).toBeUndefined();
  });

  it('is bounded for the process over all keys', () => {
    const room = new BodyRoom(LIMITS);
    expect(place(room.enter('a')).take(60)).toBeUndefined();
    const other = place(room.enter('b'));
    expect(other.take(40)).toBeUndefined();
    expect(other.take(1)).toBe('process');
    expect(room.bytes).toBe(100);
  });

  it('is bounded for a key by the number of its bodies, and for no other key', () => {
    const room = new BodyRoom(LIMITS);
    const first = place(room.enter('a'));
    place(room.enter('a'));
    expect(room.enter('a')).toBe('key');
    place(room.enter('b'));
    first.leave();
    place(room.enter('a'));
  });

  it('tells beforehand who would be full, and holds nothing by telling', () => {
    const room = new BodyRoom(LIMITS);
    const first = place(room.enter('a'));
    expect([first.fullFor(60), first.fullFor(61)]).toEqual([undefined, 'key']);
    expect(room.bytes).toBe(0);
    first.take(50);
    place(room.enter('b')).take(30);
    expect(place(room.enter('c')).fullFor(21)).toBe('process');
  });

  it('is given back once', () => {
    const room = new BodyRoom(LIMITS);
    const [first, second] = [place(room.enter('a')), place(room.enter('a'))];
    first.take(10);
    second.take(20);
    first.leave();
    first.leave();
    expect(room.bytes).toBe(20);
  });
});
