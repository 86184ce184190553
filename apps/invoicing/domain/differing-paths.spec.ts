import { differingPaths } from './differing-paths.js';

describe('differing paths', () => {
  it.each([
    ['the same', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['the same in another order', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['a leaf', { a: [1, { b: '1' }] }, { a: [1, { b: '2' }] }, [['/a/1/b', '1', '2']]],
    ['a type', { a: 1 }, { a: '1' }, [['/a', 1, '1']]],
    [
      'a count above 2^53',
      { a: 2n ** 60n },
      { a: 2n ** 60n + 1n },
      [['/a', 2n ** 60n, 2n ** 60n + 1n]],
    ],
    ['a missing line', { a: [1] }, { a: [1, 2] }, [['/a/1', undefined, 2]]],
    ['one line more', { a: [1, 2] }, { a: [1] }, [['/a/1', 2, undefined]]],
    ['a list for an object', { a: [] }, { a: {} }, [['/a', [], {}]]],
    ['a name of the prototype', { toString: 1 }, {}, [['/toString', 1, undefined]]],
    ['a name to escape', { 'a/b~c': 1 }, { 'a/b~c': 2 }, [['/a~1b~0c', 1, 2]]],
    ['null and nothing', null, {}, [['', null, {}]]],
  ])('of %s', (_, stored, derived, expected) => {
    expect(differingPaths(stored, derived)).toEqual(
      expected.map(([path, left, right]) => ({ path, stored: left, derived: right })),
    );
  });
});
