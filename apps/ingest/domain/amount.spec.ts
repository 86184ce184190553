import { amountFault } from './amount.js';

const limit = { pointer: '/amount', zero: true, places: 15 };
const credit = { pointer: '/amount', zero: false, places: 2 };

describe('amount', () => {
  it.each([
    // text                  rule     is taken
    ['100.00', limit, true],
    ['0', limit, true],
    ['0.000000000000001', limit, true],
    ['0.0000000000000001', limit, false],
    ['-0.01', limit, false],
    ['1e3', limit, false],
    ['1,00', limit, false],
    [' 1', limit, false],
    ['', limit, false],
    ['NaN', limit, false],
    ['0.01', credit, true],
    ['0', credit, false],
    ['0.00', credit, false],
    ['1.005', credit, false],
  ])('%j under %j is taken: %s', (text, rule, isTaken) => {
    expect(amountFault(text, rule) === undefined).toBe(isTaken);
  });
});
