import { profileOf } from './profile.js';

const TYPED = {
  name: ' Delta Chat ',
  profile: 'openai',
  legal_name: '',
  email: 'billing@delta.example',
  address: 'Speicherstraße 9\n20457 Hamburg ',
  tax_ids: 'DE1, FR2،  ,',
} as const;

describe('a profile', () => {
  it('is sent without what is not given', () => {
    expect(profileOf(TYPED).body).toEqual({
      name: 'Delta Chat',
      profile: 'openai',
      legal_name: null,
      email: 'billing@delta.example',
      address: 'Speicherstraße 9\n20457 Hamburg',
      tax_ids: ['DE1', 'FR2'],
    });
  });

  it.each([
    ['name', '  '],
    ['name', 'x'.repeat(201)],
    ['legal_name', 'x'.repeat(301)],
    ['email', 'billing'],
    ['email', 'a b@c.example'],
    ['email', `${'x'.repeat(250)}@c.de`],
    ['address', 'x'.repeat(1_001)],
    ['tax_ids', 'x'.repeat(65)],
    ['tax_ids', 'x,'.repeat(21)],
  ])('is not sent with a wrong %s', (field, text) => {
    const { body, wrong } = profileOf({ ...TYPED, [field]: text });
    expect([body, [...wrong]]).toEqual([undefined, [field]]);
  });
});
