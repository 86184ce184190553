import { mergeOpenApi, type OpenApi } from './merge-openapi.js';

const document = (paths: OpenApi['paths'], schemas: Record<string, unknown> = {}): OpenApi => ({
  openapi: '3.1.0',
  info: { title: 'a part' },
  paths,
  components: { schemas },
});
const get = (schema: string): Record<string, unknown> => ({
  get: { schema: { $ref: `#/components/schemas/${schema}` } },
});

describe('merged OpenAPI document', () => {
  it('has the methods of a path that two services share', () => {
    const merged = mergeOpenApi(
      document({}),
      new Map([
        ['ingest', document({ '/v1/events': { post: {} } })],
        ['metering', document({ '/v1/events': { get: {} } })],
      ]),
    );
    expect(merged.paths['/v1/events']).toEqual({
      post: { tags: ['ingest'] },
      get: { tags: ['metering'] },
    });
  });

  it('leaves out what each service answers for itself', () => {
    const paths = { '/health/live': { get: {} }, '/ops/projections': { get: {} }, '/v1/a': {} };
    const merged = mergeOpenApi(
      document({ '/metrics': { get: { of: 'edge' } } }),
      new Map([['quota', document({ ...paths, '/metrics': { get: { of: 'quota' } } })]]),
    );
    expect(merged.paths).toEqual({ '/metrics': { get: { of: 'edge' } }, '/v1/a': {} });
  });

  it('keeps a schema once when it is the same, and apart when it differs', () => {
    const merged = mergeOpenApi(
      document({}, { Problem: { type: 'object' } }),
      new Map([
        ['quota', document({}, { Problem: { type: 'object' }, Page: { a: 1 } })],
        ['invoicing', document({ '/v1/x': get('Page') }, { Page: { b: 2 } })],
      ]),
    );
    expect(Object.keys(merged.components?.['schemas'] ?? {}).toSorted()).toEqual([
      'InvoicingPage',
      'Page',
      'Problem',
    ]);
    expect(JSON.stringify(merged.paths)).toContain('#/components/schemas/InvoicingPage');
  });
});
