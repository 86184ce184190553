import { decodeCursor, encodeCursor, pageOf } from './page.js';

describe('page', () => {
  it('gives back the value of a cursor', () => {
    expect(decodeCursor(encodeCursor(['a', 1]))).toEqual(['a', 1]);
  });

  it.each(['', 'x', 'AAAA', encodeCursor('a').slice(0, -1), `${encodeCursor('a')}A`])(
    'refuses the cursor %j',
    (text) => {
      expect(() => decodeCursor(text)).toThrow('?cursor');
    },
  );

  it('has a next cursor only when there is more', () => {
    expect(pageOf([1, 2, 3], 2, (last) => last)).toEqual({
      data: [1, 2],
      next_cursor: encodeCursor(2),
    });
    expect(pageOf([1, 2], 2, (last) => last)).toEqual({ data: [1, 2], next_cursor: null });
  });
});
