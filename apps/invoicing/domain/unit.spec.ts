import { MEASURES, TOKEN_POOLS } from '#libs/events/quantities.js';
import { unitOf } from './unit.js';

describe('the unit', () => {
  it('of every pool is the token', () => {
    expect(new Set(TOKEN_POOLS.map(unitOf))).toEqual(new Set(['token']));
  });

  it('of a measure is its own', () => {
    expect(MEASURES.map(unitOf)).toEqual(['ms', 'character', 'image', 'search']);
  });
});
