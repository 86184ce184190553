import { type CatalogFact, decodeCatalogFact, encodeCatalogFact } from './catalog-fact.js';

const fact: CatalogFact = {
  catalogVersion: '2026-11-a',
  effectiveFrom: 1_795_512_600_000,
  mediaType: 'application/yaml',
  document: Buffer.from('version: 2026-11-a # ü\n'),
  recordedAt: 3,
};

describe('catalog fact record', () => {
  it('comes back from its bytes, the document byte by byte', () => {
    const back = decodeCatalogFact(encodeCatalogFact({ factId: 2, fact }));
    expect(back).toEqual({ factId: 2, fact });
  });

  it('has the wire form of the design', () => {
    const wire: unknown = JSON.parse(encodeCatalogFact({ factId: 2, fact }).toString());
    expect(wire).toEqual({
      version: 1,
      fact_id: 2,
      catalog_version: '2026-11-a',
      effective_from: 1_795_512_600_000,
      media_type: 'application/yaml',
      document_base64: fact.document.toString('base64'),
      recorded_at: 3,
    });
  });

  it.each([
    ['nope', /JSON/],
    ['null', /version undefined/],
    ['{"version":1,"media_type":"text/html"}', /media type text\/html/],
    ['{"version":1,"media_type":"application/json","fact_id":"1"}', /fact_id/],
    ['{"version":1,"media_type":"application/json","fact_id":1}', /catalog_version/],
  ])('refuses %j', (text, message) => {
    expect(() => decodeCatalogFact(Buffer.from(text))).toThrow(message);
  });
});
