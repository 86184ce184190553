import { seenSequences } from './sequences.js';

describe('seen sequences', () => {
  it.each([
    // numbers                 ranges
    [[1n, 2n, 3n, 7n], '{[1,4),[7,8)}'],
    [[3n, 1n, 2n, 2n], '{[1,4)}'],
    [[0n], '{[0,1)}'],
  ])('%s are %s', (numbers, ranges) => {
    expect(seenSequences(numbers.map((sequence) => ({ source: '//n', sequence })))).toEqual([
      { source: '//n', ranges },
    ]);
  });

  it('are kept per source; events without one and beyond int8 leave none', () => {
    const seen = [
      { source: '//a', sequence: 1n },
      { source: '//b', sequence: 1n },
      { source: '//c', sequence: null },
      { source: '//d', sequence: 2n ** 64n },
    ];
    expect(seenSequences(seen).map(({ source }) => source)).toEqual(['//a', '//b']);
  });
});
