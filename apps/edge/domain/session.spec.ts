import { forgery, readSession, sessionEnd } from './session.js';

const NOON = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;

describe('session', () => {
  it.each([
    // key ends             session ends
    [null, NOON + 12 * HOUR],
    [NOON + HOUR, NOON + HOUR],
    [NOON + 99 * HOUR, NOON + 12 * HOUR],
  ])('of a key that ends at %s ends at %s', (keyEnd, end) => {
    expect(sessionEnd(NOON, keyEnd)).toBe(end);
  });

  it('is over at its end', () => {
    const text = JSON.stringify({ key: 'k', expiresAt: NOON });
    expect(readSession(text, NOON - 1)?.key).toBe('k');
    expect(readSession(text, NOON)).toBeUndefined();
  });
});

describe('forgery', () => {
  const post = {
    method: 'POST',
    host: 'console.example:4000',
    origin: 'http://console.example:4000',
    fetchSite: 'same-origin',
    csrfHeader: '1',
  };

  it.each([
    ['our own page', {}],
    ['a browser without Fetch Metadata', { fetchSite: undefined }],
    ['a program without an origin', { origin: undefined, fetchSite: undefined }],
    ['a read from anywhere', { method: 'GET', csrfHeader: undefined, fetchSite: 'cross-site' }],
  ])('is not seen in %s', (_, change) => {
    expect(forgery({ ...post, ...change })).toBeUndefined();
  });

  it.each([
    ['no header', { csrfHeader: undefined }, 'x-meterbook-csrf'],
    ['another site', { fetchSite: 'cross-site' }, 'cross-site'],
    ['a sibling host', { fetchSite: 'same-site' }, 'same-site'],
    ['another origin', { fetchSite: undefined, origin: 'https://evil.example' }, 'evil.example'],
    ['the null origin', { fetchSite: undefined, origin: 'null' }, 'null'],
  ])('is seen in %s', (_, change, word) => {
    expect(forgery({ ...post, ...change })).toContain(word);
  });
});
