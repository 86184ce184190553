import { contractOf } from './catalog-compile.js';
import { contractCell } from './contract-cell.js';
import { contractFaults } from './contract-faults.js';

describe('conditions for all usage', () => {
  it.each([
    [{}],
    [{ discount_percent: '12.5' }],
    [{ discount_percent: '0.000001', minimum_commitment: '100', maximum_charge: '500.000000001' }],
    [{ discount_percent: null, minimum_commitment: null, maximum_charge: null }],
  ])('%j are read and written again', (written) => {
    expect(contractFaults('', written)).toEqual([]);
    expect(contractCell(contractOf(written))).toEqual(written);
  });

  it.each([
    [{ discount_percent: '100.1' }, '/discount_percent', 'invalid_percent'],
    [{ discount_percent: '-1' }, '/discount_percent', 'invalid_percent'],
    [{ minimum_commitment: '-1' }, '/minimum_commitment', 'negative_price'],
    [{ maximum_charge: 'much' }, '/maximum_charge', 'invalid_amount'],
    [
      { maximum_charge: '1', minimum_commitment: '1.01' },
      '/minimum_commitment',
      'invalid_commitment',
    ],
  ])('%j have a fault at %s: %s', (written, pointer, code) => {
    expect(contractFaults('', written)).toMatchObject([{ pointer, code }]);
  });
});
