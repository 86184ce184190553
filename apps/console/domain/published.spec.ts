import {
  addedFeatures,
  femtoPerUnit,
  modelsByStatus,
  nextTier,
  perHour,
  priceOn,
} from './published.js';
import { publishedDocument } from '../test/published-document.js';

const document = publishedDocument();
const question = { model: 'small', serviceTier: 'on_demand', adapter: null, pool: 'input' };

describe('published price', () => {
  it.each([
    // tier          asked                                        price       case
    ['free', {}, '0.05', 'the model row'],
    ['developer', { serviceTier: 'batch' }, '0.025', 'a row of its own for batch'],
    ['developer', { serviceTier: 'performance' }, undefined, 'no row: unpriced, not zero'],
    ['developer', { adapter: 'lora' }, '0.07', 'the adapter row'],
    ['developer', { adapter: 'my-tuning' }, '0.07', 'an adapter id of the customer is a LoRA'],
    ['enterprise', { adapter: 'lora' }, '0.05', "the tier's own row before the model's"],
    ['enterprise', {}, '0.05', 'no own row without adapter: the model row'],
    ['developer', { model: 'large', adapter: 'lora' }, '0.9', 'one adapter table for every tier'],
    ['developer', { model: 'gone' }, undefined, 'a model that is not published'],
    ['developer', { model: 'constructor' }, undefined, 'a model named like a property'],
    ['nowhere', {}, '0.05', 'a tier that is not published has no own rows'],
  ])('on %s, asked %j, is %s (%s)', (tier, asked, price, _case) => {
    expect(priceOn(document, tier, { ...question, ...asked })).toBe(price);
  });

  it('is femto-dollars a unit, and undefined stays undefined', () => {
    expect(femtoPerUnit('0.05')).toBe(50_000_000n);
    expect(femtoPerUnit(undefined)).toBeUndefined();
  });
});

describe('published document', () => {
  it('orders the tiers as a path', () => {
    expect(nextTier(document, 'free')).toBe('developer');
    expect(nextTier(document, 'enterprise')).toBeUndefined();
    expect(nextTier(document, 'unheard-of')).toBeUndefined();
  });

  it('sets retired models apart', () => {
    expect(modelsByStatus(document)).toEqual({ offered: ['small', 'large'], retired: ['old'] });
  });

  it('says what a tier adds to the one before', () => {
    const { free, developer } = document.tiers;
    if (!free || !developer) throw new Error('the document has both');
    expect(addedFeatures(developer, free)).toEqual(['chat_support', 'batch']);
    expect(addedFeatures(free, undefined)).toEqual(free.features);
  });

  it.each([
    ['0.030833333', '0.1109999988'],
    ['0.5', '1.8'],
    ['0', '0'],
  ])('prices audio of %s a million ms at %s an hour', (perMillion, hour) => {
    expect(perHour(perMillion)).toBe(hour);
  });
});
