import { sharedMethods, upstreamOf } from './routing.js';

describe('route of the edge', () => {
  it.each([
    ['POST', '/v1/events', 'ingest'],
    ['GET', '/v1/events', 'metering'],
    ['HEAD', '/v1/events', 'metering'],
    ['POST', '/api/v1/events', 'ingest'],
    ['POST', '/v1/catalog', 'ingest'],
    ['GET', '/v1/catalog', 'invoicing'],
    ['GET', '/v1/catalog/versions', 'invoicing'],
    ['PUT', '/v1/organizations/org_a', 'ingest'],
    ['GET', '/v1/organizations/org_a', 'ingest'],
    ['PUT', '/v1/organizations/org_a/spend-limit', 'ingest'],
    ['GET', '/v1/organizations/org_a/limits', 'quota'],
    ['GET', '/v1/organizations/org_a/spend', 'quota'],
    ['GET', '/v1/organizations/org_a/upcoming-invoice', 'invoicing'],
    ['GET', '/v1/organization/usage/completions', 'metering'],
    ['GET', '/v1/organization/costs', 'invoicing'],
    ['POST', '/v1/reservations/rsv_1/extend', 'quota'],
    ['GET', '/.well-known/inference-limits.json', 'quota'],
    ['GET', '/v1/invoices/MB-2026-000017/lines/1/events', 'invoicing'],
    ['GET', '/v1/exports/focus', 'invoicing'],
    ['POST', '/v1/price-lists', 'invoicing'],
    ['GET', '/v1/usage', 'metering'],
    ['GET', '/v1/usages', undefined],
    ['GET', '/v1/', undefined],
    ['GET', '/ops/projections', undefined],
    ['GET', '/metrics', undefined],
  ])('%s %s goes to %s', (method, path, upstream) => {
    expect(upstreamOf(method, path)).toBe(upstream);
  });
});

describe('methods of a path of the edge', () => {
  it.each(['/v1/events', '/v1/catalog'])('%s: what its two services take together', (path) => {
    expect(sharedMethods(path)).toEqual(['GET', 'HEAD', 'POST']);
    expect(new Set(['GET', 'POST'].map((method) => upstreamOf(method, path))).size).toBe(2);
  });

  it.each(['/v1/usage', '/v1/catalog/2026-11-a', '/api/v1/events'])(
    "%s: its one service's to say",
    (path) => {
      expect(sharedMethods(path)).toBeUndefined();
    },
  );
});
