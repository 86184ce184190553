import { Problem } from '#libs/http/problem.js';
import { negotiate } from './accept.js';
import { matchesEtag } from '#libs/http/etag.js';

const OFFERED = ['application/json', 'text/csv'] as const;

describe('content negotiation', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['', '406'],
    ['application/json', 'application/json'],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV; charset=utf-8', 'text/csv'],
    ['text/*', 'text/csv'],
    ['text/csv, application/json', 'application/json'],
    ['text/csv, application/json;q=0.9', 'text/csv'],
    ['application/json;q=0.2, text/csv;q=0.3', 'text/csv'],
    ['text/html, */*;q=0.1', 'application/json'],
    ['*/*, application/json;q=0', 'text/csv'],
    ['application/pdf', '406'],
    ['application/json;q=0', '406'],
    ['application/json;q=nonsense', '406'],
  ])('of "%s" gives %s', (accept, expected) => {
    let given: string;
    try {
      given = negotiate(accept, OFFERED);
    } catch (error) {
      given = String((error as Problem).status);
    }
    expect(given).toBe(expected);
  });
});

describe('If-None-Match', () => {
  it.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['a', false],
    ['"b"', false],
  ])('%s on "a" is known: %s', (header, expected) => {
    expect(matchesEtag(header, '"a"')).toBe(expected);
  });
});
