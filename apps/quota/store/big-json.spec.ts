import { packBig, unpackBig } from './big-json.js';
import { ulid } from './ulid.js';

describe('rows with bigints', () => {
  it.each([
    [{ tokens: 2n ** 80n, list: [-1n, { deep: 0n }], text: '12n', none: null, n: 'name' }],
    [{ n: 5n }],
    [[]],
    [null],
  ])('come back as they were: %p', (value) => {
    expect(unpackBig(JSON.parse(JSON.stringify(packBig(value))))).toEqual(value);
  });
});

describe('ulid', () => {
  it('sorts by time and is never the same', () => {
    const now = Date.UTC(2026, 10, 16);
    const made = Array.from({ length: 1_000 }, () => ulid(now));
    expect(new Set(made).size).toBe(1_000);
    expect(made.every((one) => /^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(one))).toBe(true);
    expect(ulid(now + 1) > (made[0] ?? '')).toBe(true);
    expect(made[0]?.slice(0, 10)).toBe(ulid(now).slice(0, 10));
  });
});
