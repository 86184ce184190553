import { INPUT_POOLS, OUTPUT_POOLS, TOKEN_POOLS } from './quantities.js';

describe('token pools', () => {
  it('are each read or written by the model, never both', () => {
    expect([...INPUT_POOLS, ...OUTPUT_POOLS].toSorted()).toEqual([...TOKEN_POOLS].toSorted());
  });
});
