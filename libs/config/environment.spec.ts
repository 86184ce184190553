import { Environment } from './environment.js';

describe('environment', () => {
  const environment = new Environment({
    PORT: '4001',
    BAD: '4001x',
    LOG: 'kafka',
    URL: 'http://x',
    EMPTY: '',
  });

  it('reads what is there', () => {
    expect(environment.integer('PORT', 1)).toBe(4001);
    expect(environment.integer('ABSENT', 7)).toBe(7);
    expect(environment.oneOf('LOG', ['kafka', 'embedded'], 'embedded')).toBe('kafka');
    expect(environment.optional('EMPTY')).toBeUndefined();
    expect(environment.optionalUrl('EMPTY', ['http:'])).toBeUndefined();
    expect(environment.optionalUrl('URL', ['http:'])).toBe('http://x');
  });

  it.each([
    // reader                                                  message
    [() => environment.text('ABSENT'), 'ABSENT must be set'],
    [
      () => environment.integer('BAD', 1),
      'BAD must be a whole number from 0 to 9007199254740991, not "4001x"',
    ],
    [
      () => environment.integer('PORT', 1, 1, 4000),
      'PORT must be a whole number from 1 to 4000, not "4001"',
    ],
    [() => environment.oneOf('LOG', ['a'], 'a'), 'LOG must be one of a, not "kafka"'],
    [() => environment.url('URL', ['postgres:']), 'URL must be a URL that starts with postgres:'],
    [() => environment.optionalUrl('URL', ['https:']), 'URL must be a URL that starts with https:'],
  ])('names the variable and the rule', (read, message) => {
    expect(read).toThrow(message);
  });
});
