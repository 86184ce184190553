import { Environment } from '#libs/config/environment.js';
import { sellerFrom } from './seller.js';

describe('the seller', () => {
  it('is read from the environment, an address by its lines', () => {
    const variables = {
      INVOICE_SELLER_NAME: 'Inference Ltd.',
      INVOICE_SELLER_ADDRESS: String.raw`1 Meter Lane\nDublin 2`,
      INVOICE_SELLER_EMAIL: 'billing@inference.example',
      INVOICE_SELLER_TAX_IDS: 'IE1234567X, DE123456789',
    };
    expect(sellerFrom(new Environment(variables))).toEqual({
      name: 'Inference Ltd.',
      address: '1 Meter Lane\nDublin 2',
      email: 'billing@inference.example',
      tax_ids: ['IE1234567X', 'DE123456789'],
    });
  });

  it('has a name and nothing else where nothing is said', () => {
    const nothing = { name: 'Meterbook', address: null, email: null, tax_ids: [] };
    expect(sellerFrom(new Environment({}))).toEqual(nothing);
  });
});
