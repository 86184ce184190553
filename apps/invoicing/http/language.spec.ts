import { negotiateLanguage } from './language.js';

describe('the language of a document', () => {
  it.each([
    // accept-language            language
    [undefined, 'en'],
    ['', 'en'],
    ['ar', 'ar'],
    ['ar-SA', 'ar'],
    ['AR-eg;q=0.8', 'ar'],
    ['en, ar', 'en'],
    ['ar;q=0.4, en;q=0.5', 'en'],
    ['fr, ar;q=0.1', 'ar'],
    ['fr-FR, de', 'en'],
    ['ar;q=0', 'en'],
    ['ar;q=2', 'en'],
    ['*', 'en'],
  ])('asked for as %s is %s', (header, language) => {
    expect(negotiateLanguage(header)).toBe(language);
  });
});
