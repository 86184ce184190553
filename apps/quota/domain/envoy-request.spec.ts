import { type EnvoyDescriptor, reservationsOf } from './envoy-request.js';

const descriptor = (entries: Record<string, string>, hits?: string): EnvoyDescriptor => ({
  entries: Object.entries(entries).map(([key, value]) => ({ key, value })),
  ...(hits !== undefined && { hits_addend: { value: hits } }),
});
const read = (one: EnvoyDescriptor, hits = 0, bound: string | null = null) =>
  reservationsOf({ descriptors: [one], hits_addend: hits }, bound, (index) => `made-${index}`);
const NAMES = { organization: 'org_acme', model: 'llama' };

describe('descriptor of Envoy', () => {
  it('names a reservation', () => {
    const all = {
      ...NAMES,
      project: 'chat',
      api_key: 'key_1',
      service_tier: 'flex',
      adapter: 'tuned',
      input_tokens: '300',
      max_output_tokens: '600',
      request_id: 'req-1',
      ttl_seconds: '30',
    };
    expect(read(descriptor(all))).toEqual([
      {
        requestId: 'req-1',
        organization: 'org_acme',
        model: 'llama',
        project: 'chat',
        apiKey: 'key_1',
        serviceTier: 'flex',
        adapter: 'tuned',
        inputTokens: 300n,
        maxOutputTokens: 600n,
        measures: {},
        ttlSeconds: 30,
      },
    ]);
  });

  it.each([
    // entries, hits of the descriptor, hits of the request, input, most output
    [{}, undefined, 0, 0n, null],
    [{}, undefined, 900, 900n, 0n],
    [{}, '70', 900, 70n, 0n],
    [{}, '0', 900, 0n, null],
    [{ input_tokens: '5' }, undefined, 900, 5n, null],
    [{ max_output_tokens: '7' }, undefined, 900, 0n, 7n],
  ])('takes %j with hits %s and %i as %s and %s tokens', (entries, own, hits, input, output) => {
    expect(read(descriptor({ ...NAMES, ...entries }, own), hits)).toMatchObject([
      { requestId: 'made-0', inputTokens: input, maxOutputTokens: output, ttlSeconds: 600 },
    ]);
  });

  it('may leave out the organization that the key is bound to', () => {
    expect(read(descriptor({ model: 'llama' }), 1, 'org_acme')).toMatchObject([
      { organization: 'org_acme' },
    ]);
  });

  it.each<[EnvoyDescriptor, string]>([
    [
      descriptor({ model: 'llama' }),
      'descriptors[0]: organization is needed with a key that is bound to none',
    ],
    [descriptor({ organization: 'org_a' }), 'descriptors[0]: model is needed'],
    [descriptor({ ...NAMES, path: '/v1' }), 'descriptors[0]: path is none of organization, model,'],
    [{ entries: [{ value: 'x' }] }, 'descriptors[0]: an entry without a key is none of'],
    [descriptor({ ...NAMES, model: '' }), 'descriptors[0]: model must have 1 to 256 characters'],
    [descriptor({ ...NAMES, service_tier: 'auto' }), 'descriptors[0]: service_tier must be one of'],
    [
      descriptor({ ...NAMES, input_tokens: '-1' }),
      'descriptors[0]: input_tokens must be a whole number of at least 0',
    ],
    [
      descriptor({ ...NAMES, max_output_tokens: '1e3' }),
      'descriptors[0]: max_output_tokens must be',
    ],
    [
      descriptor({ ...NAMES, ttl_seconds: '0' }),
      'descriptors[0]: ttl_seconds must be a whole number of at least 1',
    ],
    [
      descriptor({ ...NAMES, ttl_seconds: '86401' }),
      'descriptors[0]: ttl_seconds must be a whole number from 1 to 86400',
    ],
    [
      { entries: [...(descriptor(NAMES).entries ?? []), { key: 'model', value: 'm' }] },
      'descriptors[0]: model is there twice',
    ],
  ])('is refused, with the entry named (case %#)', (one, fault) => {
    expect(read(one)).toEqual({ fault: expect.stringContaining(fault) });
  });

  it.each([[0], [17]])('is refused when there are %i of them', (count) => {
    const descriptors = Array.from({ length: count }, () => descriptor(NAMES));
    expect(reservationsOf({ descriptors }, null, String)).toHaveProperty('fault');
  });
});
